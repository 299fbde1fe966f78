"""The schema as dbmate migrations, in plain SQL. A migration that has shipped is never edited."""
