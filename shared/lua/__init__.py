"""The ledger's scripts: one operation per file, its contract in its header."""
