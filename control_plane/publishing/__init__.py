"""Publishes what the inference plane reads from Redis, and keeps it equal to PostgreSQL."""
