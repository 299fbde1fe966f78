"""The dialects that providers speak, by the names of the surfaces that speak them, too."""

CHAT = "chat"
RESPONSES = "responses"
EMBEDDINGS = "embeddings"
MESSAGES = "messages"
GENERATE = "generate"
