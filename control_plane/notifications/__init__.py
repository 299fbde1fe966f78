"""E-mail: queued in the transaction that causes it, sent afterwards."""
