"""`POST /v1/responses` as OpenAI documents it."""

NAME = "responses"
NATIVE_ORIGIN = "openai"
"""The vendor whose encrypted reasoning is written into this dialect's fields unmarked."""
