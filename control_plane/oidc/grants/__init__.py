"""What users let applications do, and the codes and tokens that come of it."""
