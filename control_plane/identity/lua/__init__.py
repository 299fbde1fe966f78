"""Lua scripts of the sign-in limits."""
