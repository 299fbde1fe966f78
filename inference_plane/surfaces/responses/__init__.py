"""`POST /v1/responses` as OpenAI documents it."""

NAME = "responses"
HOME = "openai"
"""Whose sealed reasoning stands in this dialect's fields as it is."""
