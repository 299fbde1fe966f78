"""Documents the live schema: docs/database.md for people, schema.sql for comparison."""
