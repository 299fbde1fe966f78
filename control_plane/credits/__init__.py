"""Credits in PostgreSQL: grants going out to Redis, what was spent coming back, and the proof."""
