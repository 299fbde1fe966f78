"""Usage history: a row per posted request, and statistics that are its sums."""
