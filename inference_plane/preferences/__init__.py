"""User preferences: read from Redis, and written into requests that leave a field out."""
