"""Signing keys, access tokens (RFC 9068) and ID tokens."""
