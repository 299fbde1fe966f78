"""The providers: each encodes requests, decodes frames and maps errors."""
