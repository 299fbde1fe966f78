"""Plumbing without product knowledge: database, clock, cryptography, cookies, validation."""
