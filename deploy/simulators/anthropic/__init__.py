"""Anthropic's protocol: messages, counting of tokens, models."""
