"""What the inference plane reads from Redis, published from PostgreSQL and kept equal to it."""
