"""Sign-in, sign-up, recovery, consent and device pages."""
