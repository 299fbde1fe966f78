"""Google's generateContent as an upstream."""

ORIGIN = "google"
"""Marks the signatures that only Gemini accepts back."""
