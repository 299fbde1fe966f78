"""The soak test: minutes of users, grants, expiries and crashes, then the audit."""
