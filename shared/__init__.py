"""What both planes must agree on, and nothing else: a name is here because both need it."""
