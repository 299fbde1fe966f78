"""Reads media given by URL: `data:` URLs are parsed (RFC 2397), other URLs are kept."""

from typing import Literal

from inference_plane.core.prompt import Cache, Media
from shared.errors import InvalidRequest

Kind = Literal["image", "file", "audio"]
_STANDARD = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "audio/mp3": "audio/mpeg"}
"""Names that people write, and the registered ones (iana.org/assignments/media-types)."""


def media(
    kind: Kind, url: str, param: str, *, name: str = "", detail: str = "", cache: Cache = None
) -> Media:
    """Raises InvalidRequest, with `param`, for a `data:` URL that is not base64."""
    if not url.startswith("data:"):
        return Media(kind, "", url=url, name=name, detail=detail, cache=cache)
    head, comma, data = url[5:].partition(",")
    media_type, _, coding = head.rpartition(";")
    if not comma or coding.strip() != "base64" or not data:
        raise InvalidRequest("A `data:` URL must contain base64.", param=param)
    media_type = media_type.partition(";")[0].lower()
    media_type = _STANDARD.get(media_type, media_type)
    return Media(kind, media_type, data=data, name=name, detail=detail, cache=cache)
