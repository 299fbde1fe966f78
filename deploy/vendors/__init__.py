"""The vendors through their own SDKs: off the hot path, where an SDK's weight costs nothing."""
