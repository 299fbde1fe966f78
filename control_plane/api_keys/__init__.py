"""Keys that users make for their own programs, each with its scopes, its cap and its end."""
