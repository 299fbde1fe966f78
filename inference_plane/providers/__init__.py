"""What upstreams speak: each provider encodes requests, decodes frames and explains errors."""
