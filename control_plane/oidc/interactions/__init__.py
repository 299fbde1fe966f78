"""Requests for authorization whose user signs in or consents, each bound to its browser."""
