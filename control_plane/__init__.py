"""The record: users, tokens, credits and usage, with PostgreSQL as the truth."""
