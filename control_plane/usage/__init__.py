"""What was used: a row per booked request, and the statistics that are its sums."""
