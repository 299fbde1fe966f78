"""The dialects that providers support; each is the name of the surface with the same dialect."""

CHAT = "chat"
RESPONSES = "responses"
EMBEDDINGS = "embeddings"
MESSAGES = "messages"
GENERATE = "generate"
