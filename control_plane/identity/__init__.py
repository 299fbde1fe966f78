"""Users and how they sign in: accounts, sessions, second factors, clients, grants and tokens."""
