"""Proof by behaviour, against real servers: `python -m tests` runs everything."""
