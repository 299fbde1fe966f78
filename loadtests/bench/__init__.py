"""Measures an empty Serve relay and Headrace in one run, so that their ratio travels."""
