"""Authorization requests that wait for sign-in or consent, each bound to its browser."""
