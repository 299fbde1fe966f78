"""OpenAI as an upstream, and any service that supports its chat completions."""
