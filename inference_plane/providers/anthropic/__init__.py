"""Anthropic's messages as an upstream."""

ORIGIN = "anthropic"
"""Marks the signatures that only Anthropic accepts back."""
