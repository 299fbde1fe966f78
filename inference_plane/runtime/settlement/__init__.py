"""Settlement: ends each hold exactly once, by a charge or a release, with its usage event."""
