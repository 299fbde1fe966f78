"""HTML for people who sign in: plain forms, which work without any script."""
