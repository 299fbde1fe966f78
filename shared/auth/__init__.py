"""Authentication of API callers, for both planes.

A credential is read from the headers (`credentials`), verified (`access_tokens`, `api_keys`) and
becomes a `Principal`. `tests/unit/shared/test_auth.py` has the table of accepted and refused callers.
"""
