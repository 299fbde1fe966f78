"""The control plane: users, credits and usage, with PostgreSQL as the source of truth."""
