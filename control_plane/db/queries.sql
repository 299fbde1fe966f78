-- name: applied
SELECT version FROM schema_migrations;
