"""`POST /v1/chat/completions` as OpenAI documents it."""

NAME = "chat"
