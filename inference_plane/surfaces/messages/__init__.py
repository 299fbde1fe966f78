"""`POST /v1/messages` as Anthropic documents it."""

NAME = "messages"
NATIVE_ORIGIN = "anthropic"
"""The vendor whose signatures are written into this dialect's fields unmarked."""
