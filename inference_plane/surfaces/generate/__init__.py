"""`POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent` as Google has them."""

NAME = "generate"
HOME = "google"
"""Whose signatures stand in this dialect's fields as they are."""
