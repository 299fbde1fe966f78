"""Pictures and documents, inline and by address, reach each provider in its own words."""

import base64
from typing import Any

from tests.support.judges.harness import MODELS, Harness
from tests.support.judges.heard import DOCUMENT, PICTURE, PICTURE_BY_URL, Seen
from tests.support.judges.matrix import Cell, cells
from tests.support.judges.probes import unified

_SHOWN = {"image": PICTURE, "image-by-url": PICTURE_BY_URL, "document": DOCUMENT}


@cells(*_SHOWN)
async def test_what_is_shown_reaches_the_provider(harness: Harness, cell: Cell) -> None:
    judge, seen = harness.judges[cell.surface], _SHOWN[cell.feature]
    await judge.ask(MODELS[cell.provider], judge.user("what is it?", seen))
    assert _found(unified(await harness.last_body()), seen)


def _found(body: Any, seen: Seen) -> bool:
    """Whether what was shown stands in the body as its vendor writes such a thing."""
    if isinstance(body, list):
        return any(_found(each, seen) for each in body)
    if not isinstance(body, dict):
        return False
    return _is(body, seen) or any(_found(each, seen) for each in body.values())


def _is(body: dict[str, Any], seen: Seen) -> bool:
    picture = seen.media_type.startswith("image/")
    inline = {"type": "base64", "media_type": seen.media_type, "data": seen.base64}
    source = {"type": "url", "url": seen.url} if seen.url else inline
    google = body.get("inlineData") or body.get("fileData") or {}
    shapes = [
        picture and body.get("image_url") == {"url": seen.data_url},
        picture and body.get("type") == "input_image" and body["image_url"] == seen.data_url,
        not picture and body.get("file_data") == seen.data_url,
        body.get("source") == source,
        google.get("fileUri") == seen.url if seen.url else _data(google) == seen.data,
    ]
    return any(shapes)


def _data(inline: dict[str, Any]) -> bytes:
    """Google reads either alphabet of base64, and its SDK writes the one for URLs."""
    return base64.b64decode(inline.get("data", "").translate(str.maketrans("-_", "+/")))
