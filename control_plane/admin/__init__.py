"""What operators may do. The command line calls these services, and so will the admin API.

Each takes open connections. Invalid input raises a `shared.errors.Refusal` whose message may be
shown to the operator as it is.
"""
