"""The HTTP endpoints of both planes as data, and the answer to a request for any other path.

The planes cannot see each other's routes, so the table is here: whichever plane a request reaches,
the answer is the same. `tests/unit/shared/test_endpoints.py` ties it to the routes themselves.
"""
