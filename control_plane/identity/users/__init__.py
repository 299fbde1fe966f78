"""User records: one row each, normalised e-mail addresses, argon2id password hashes."""
