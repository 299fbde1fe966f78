"""The surfaces there are. The rows are the support matrix of the client's side.

A surface describes itself, in the `surface` module of its package; here they are only collected,
and found by their paths. The edge routes by the same paths, see `deploy/edge/config.py`.
"""

import re

from inference_plane.surfaces.chat.surface import STORED as STORED_CHATS
from inference_plane.surfaces.chat.surface import SURFACE as CHAT
from inference_plane.surfaces.completions.surface import SURFACE as COMPLETIONS
from inference_plane.surfaces.embed.surface import SURFACE as EMBED
from inference_plane.surfaces.embeddings.surface import SURFACE as EMBEDDINGS
from inference_plane.surfaces.estimate import SURFACE as ESTIMATE
from inference_plane.surfaces.generate.surface import COUNT_TOKENS as COUNT_GENERATE
from inference_plane.surfaces.generate.surface import SURFACE as GENERATE
from inference_plane.surfaces.messages.surface import COUNT_TOKENS as COUNT_MESSAGES
from inference_plane.surfaces.messages.surface import SURFACE as MESSAGES
from inference_plane.surfaces.moderations.surface import SURFACE as MODERATIONS
from inference_plane.surfaces.responses.surface import COUNT_TOKENS as COUNT_RESPONSES
from inference_plane.surfaces.responses.surface import STORED as STORED_RESPONSES
from inference_plane.surfaces.responses.surface import SURFACE as RESPONSES
from inference_plane.surfaces.surface import Surface
from shared.endpoints.templates import is_literal, pattern

SURFACES: tuple[Surface, ...] = (
    CHAT,
    COMPLETIONS,
    RESPONSES,
    MESSAGES,
    GENERATE,
    EMBEDDINGS,
    EMBED,
    COUNT_MESSAGES,
    COUNT_GENERATE,
    COUNT_RESPONSES,
    ESTIMATE,
    *STORED_RESPONSES,
    *STORED_CHATS,
    MODERATIONS,
)

COLUMNS: tuple[str, ...] = tuple(dict.fromkeys(each.column for each in SURFACES))
"""The columns of the pipeline's STEPS, in their order."""

EXACT_PATHS: dict[str, Surface] = {
    path: surface for surface in SURFACES for path in surface.paths if is_literal(path)
}
PATH_PATTERNS: dict[str, Surface] = {
    pattern(path): surface for surface in SURFACES for path in surface.paths if not is_literal(path)
}
"""Regular expressions, in the subset that Python and HAProxy read alike."""

_PATTERNS = [(re.compile(each), surface) for each, surface in PATH_PATTERNS.items()]


def find(path: str) -> Surface | None:
    """The surface that serves this path, whatever the method."""
    exact = EXACT_PATHS.get(path)
    if exact is not None:
        return exact
    return next((surface for each, surface in _PATTERNS if each.fullmatch(path)), None)
