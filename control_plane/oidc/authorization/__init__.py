"""The steps of a request for authorization, one per file: each reads its own part, or refuses."""
