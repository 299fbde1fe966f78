"""What clients speak: each surface decodes its requests, and encodes answers and refusals."""
