"""Background processing: posting of usage, delivery of account changes, scheduled jobs."""
