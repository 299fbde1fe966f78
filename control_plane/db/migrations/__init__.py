"""The schema as dbmate migrations in plain SQL. A released migration is never edited."""
