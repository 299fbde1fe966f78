"""What both planes share. Code is here only if both need it."""
