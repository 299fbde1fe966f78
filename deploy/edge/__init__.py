"""The edge: HAProxy as the one public origin."""
