"""Runs the services of an instance as child processes: starts, watches, restarts, stops them."""
