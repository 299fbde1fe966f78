"""The steps that check an authorization request, one per file. Each reads its part or refuses."""
