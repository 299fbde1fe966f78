"""Google's routes."""

from deploy.simulators.google import embeddings, generate, models
from deploy.simulators.google.errors import GOOGLE
from deploy.simulators.playback import Handler, lookup, surface

_MODEL = "/models/{model:[^/:]+}"

_METHODS: tuple[tuple[str, Handler], ...] = (
    ("generateContent", surface(GOOGLE, generate.generate)),
    ("streamGenerateContent", surface(GOOGLE, generate.stream)),
    ("countTokens", surface(GOOGLE, generate.count)),
    ("embedContent", surface(GOOGLE, embeddings.embed)),
    ("batchEmbedContents", surface(GOOGLE, embeddings.embed_batch)),
)

LIST, LOAD = lookup(GOOGLE, models.list_models), lookup(GOOGLE, models.load_model)

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    *(
        ("POST", f"/{version}{_MODEL}:{method}", handler)
        for version in ("v1beta", "v1")
        for method, handler in _METHODS
    ),
    ("GET", "/v1beta/models", LIST),
    ("GET", f"/v1beta{_MODEL}", LOAD),
)
"""Older SDKs use `v1`, newer ones `v1beta`."""
