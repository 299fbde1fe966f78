"""What clients speak: each surface reads its requests, and writes answers and refusals."""
