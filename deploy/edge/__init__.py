"""The edge: one origin for everything, as HAProxy's configuration."""
