"""Hypothesis strategies of requests that are valid in their own dialect."""
