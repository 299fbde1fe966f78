"""The stream: authenticates, admits, relays and settles one completion in one process."""
