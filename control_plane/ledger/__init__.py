"""Credits in PostgreSQL: granting, posting usage, delivery of changes to Redis, and the audit."""
