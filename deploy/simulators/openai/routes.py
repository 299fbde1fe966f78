"""OpenAI's routes."""

from deploy.simulators.openai import chat, completions, embeddings, responses
from deploy.simulators.openai.errors import CHAT, TYPED
from deploy.simulators.playback import Handler, surface

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/chat/completions", surface(CHAT, chat.prepare)),
    ("POST", "/v1/completions", surface(CHAT, completions.prepare)),
    ("POST", "/v1/embeddings", surface(CHAT, embeddings.prepare)),
    ("POST", "/v1/responses", surface(TYPED, responses.prepare)),
)
