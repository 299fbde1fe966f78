"""`POST /v1/messages` as Anthropic documents it."""

NAME = "messages"
HOME = "anthropic"
"""Whose signatures stand in this dialect's fields as they are."""
