"""Real servers from wheels, for a machine that has none; each is a child of the supervisor."""
