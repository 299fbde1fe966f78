"""Browsers that are signed in."""
