"""OpenAI, and any service that supports its chat completions.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/authentication.
"""

from inference_plane.providers.dialects import CHAT, EMBEDDINGS, MODERATIONS, RESPONSES
from inference_plane.providers.openai import chat_encode, embeddings, responses
from inference_plane.providers.openai.map_error import map_error
from inference_plane.providers.provider import Embeddings, Provider


def _authorize(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


PROVIDER = Provider(
    name="openai",
    patches={CHAT: chat_encode.patch, RESPONSES: responses.patch, EMBEDDINGS: embeddings.patch},
    encode=chat_encode.encode,
    map_error=map_error,
    authorize=_authorize,
    temperature_max=chat_encode.temperature_max,
    count_paths={RESPONSES: "/responses/input_tokens"},
    embeddings=Embeddings(EMBEDDINGS, embeddings.encode),
    free_paths={MODERATIONS: "/moderations"},
)
