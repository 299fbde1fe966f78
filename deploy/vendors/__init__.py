"""Lists the vendors' models through their own SDKs, off the hot path."""
