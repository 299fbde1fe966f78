"""The plane's JSON: a table of routes over thin endpoints."""
