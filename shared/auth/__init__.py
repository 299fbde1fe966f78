"""Authentication of API callers, for both planes.

A credential is read from the headers (`credentials`), verified (`access_tokens`, `api_keys`) and
becomes a `Principal`. `tests/unit/shared/test_auth.py` is the table of what is accepted.
"""
