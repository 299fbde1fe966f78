"""Anthropic's routes."""

from deploy.embedded.simulated.anthropic import messages
from deploy.embedded.simulated.anthropic.errors import ANTHROPIC
from deploy.embedded.simulated.serving import Handler, surface

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/messages", surface(ANTHROPIC, messages.prepare)),
    ("POST", "/v1/messages/count_tokens", surface(ANTHROPIC, messages.count)),
)
