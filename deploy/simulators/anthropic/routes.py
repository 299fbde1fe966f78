"""Anthropic's routes."""

from deploy.simulators.anthropic import messages
from deploy.simulators.anthropic.errors import ANTHROPIC
from deploy.simulators.playback import Handler, surface

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/v1/messages", surface(ANTHROPIC, messages.prepare)),
    ("POST", "/v1/messages/count_tokens", surface(ANTHROPIC, messages.count)),
)
