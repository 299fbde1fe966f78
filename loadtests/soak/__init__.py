"""The soak: people, grants, expiries and crashes for minutes on end, and then the audit."""
