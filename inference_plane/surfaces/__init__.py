"""The APIs that clients use: each surface reads requests, and writes answers and errors."""
