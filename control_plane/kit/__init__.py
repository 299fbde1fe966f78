"""Plumbing without product words: nothing here knows what a credit or a token is."""
