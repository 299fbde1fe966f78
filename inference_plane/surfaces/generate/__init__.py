"""`POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent` as Google has them."""

NAME = "generate"
NATIVE_ORIGIN = "google"
"""The vendor whose signatures are written into this dialect's fields unmarked."""
