"""OpenAI's protocols: chat completions, responses, legacy completions, embeddings, models."""
