"""What runs beside requests: booking of outbox entries, delivery of grants, upkeep of Redis."""
