"""The JSON API: a table of routes over thin endpoints."""
