"""Account settings pages, one per file, for signed-in users."""
