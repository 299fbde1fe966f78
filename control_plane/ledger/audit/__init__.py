"""Reconciliation of PostgreSQL with Redis, account by account."""
