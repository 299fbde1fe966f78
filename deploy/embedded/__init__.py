"""PostgreSQL and Valkey from wheels, run by the supervisor."""
