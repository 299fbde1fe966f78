"""Who is calling: the one answer that both planes give.

A credential is read from the headers (`credentials`), verified (`access_tokens`, `api_keys`) and
becomes a `Principal`. `tests/unit/shared/test_auth.py` holds the table of what is accepted.
"""
