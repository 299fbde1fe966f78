"""One command per file: what the person asked for, done by the planes' own operations."""
