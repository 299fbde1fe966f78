-- name: lock
-- $1: key
SELECT pg_advisory_lock($1);

-- name: unlock
-- $1: key
SELECT pg_advisory_unlock($1);

-- name: applied
SELECT version FROM schema_migrations;

-- name: alive
SELECT 1;
