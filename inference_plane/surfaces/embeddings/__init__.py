"""`POST /v1/embeddings` as OpenAI documents it."""

NAME = "embeddings"
