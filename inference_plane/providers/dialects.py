"""The dialects that providers support; each is the name of the surface with the same dialect."""

CHAT = "chat"
RESPONSES = "responses"
EMBEDDINGS = "embeddings"
MODERATIONS = "moderations"
MESSAGES = "messages"
GENERATE = "generate"
EMBED = "embed"
