"""Grants of users to clients, with their authorization codes, device codes and refresh tokens."""
