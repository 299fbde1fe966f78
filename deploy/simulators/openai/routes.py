"""OpenAI's routes."""

from deploy.simulators.openai import (
    chat,
    completions,
    embeddings,
    kept_objects,
    moderations,
    responses,
)
from deploy.simulators.openai.errors import CHAT, TYPED
from deploy.simulators.playback import Handler, lookup, surface

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/chat/completions", surface(CHAT, chat.prepare)),
    ("POST", "/v1/completions", surface(CHAT, completions.prepare)),
    ("POST", "/v1/embeddings", surface(CHAT, embeddings.prepare)),
    ("POST", "/v1/moderations", surface(TYPED, moderations.prepare)),
    ("POST", "/v1/responses", surface(TYPED, responses.prepare)),
    ("POST", "/v1/responses/input_tokens", surface(TYPED, responses.count)),
    ("GET", "/v1/responses/{id}", lookup(TYPED, kept_objects.load)),
    ("DELETE", "/v1/responses/{id}", lookup(TYPED, kept_objects.remove)),
    ("POST", "/v1/responses/{id}/cancel", lookup(TYPED, kept_objects.cancel)),
    ("GET", "/v1/responses/{id}/input_items", lookup(TYPED, kept_objects.list_inputs)),
    ("GET", "/v1/chat/completions/{id}", lookup(CHAT, kept_objects.load)),
    ("POST", "/v1/chat/completions/{id}", lookup(CHAT, kept_objects.change)),
    ("DELETE", "/v1/chat/completions/{id}", lookup(CHAT, kept_objects.remove)),
    ("GET", "/v1/chat/completions/{id}/messages", lookup(CHAT, kept_objects.list_inputs)),
)
