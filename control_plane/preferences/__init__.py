"""Defaults that users choose for requests which leave them open."""
