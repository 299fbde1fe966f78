"""Users' API keys, each with scopes, a credit cap and an expiry."""
