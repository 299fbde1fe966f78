"""OpenAI as an upstream, and whatever else speaks its chat completions."""
