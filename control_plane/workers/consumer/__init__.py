"""Consumes the outbox streams and posts their entries to PostgreSQL."""
