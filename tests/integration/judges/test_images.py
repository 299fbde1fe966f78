"""Images and documents, inline and by URL, reach each provider in its own fields."""

import base64
from typing import Any

from tests.support.judges.harness import MODELS, Harness
from tests.support.judges.matrix import Cell, cells
from tests.support.judges.probes import unified
from tests.support.judges.received import DOCUMENT, PICTURE, PICTURE_BY_URL, Attachment

_ATTACHMENTS = {"image": PICTURE, "image-by-url": PICTURE_BY_URL, "document": DOCUMENT}


@cells(*_ATTACHMENTS)
async def test_media_reach_the_provider(harness: Harness, cell: Cell) -> None:
    judge, attachment = harness.judges[cell.surface], _ATTACHMENTS[cell.feature]
    await judge.send(MODELS[cell.provider], judge.user("what is it?", attachment))
    assert _found(unified(await harness.last_body()), attachment)


def _found(body: Any, attachment: Attachment) -> bool:
    """Whether the body contains the attachment as its vendor writes it."""
    if isinstance(body, list):
        return any(_found(each, attachment) for each in body)
    if not isinstance(body, dict):
        return False
    return _is(body, attachment) or any(_found(each, attachment) for each in body.values())


def _is(body: dict[str, Any], attachment: Attachment) -> bool:
    picture = attachment.media_type.startswith("image/")
    inline = {"type": "base64", "media_type": attachment.media_type, "data": attachment.base64}
    source = {"type": "url", "url": attachment.url} if attachment.url else inline
    google = body.get("inlineData") or body.get("fileData") or {}
    shapes = [
        picture and body.get("image_url") == {"url": attachment.data_url},
        picture and body.get("type") == "input_image" and body["image_url"] == attachment.data_url,
        not picture and body.get("file_data") == attachment.data_url,
        body.get("source") == source,
        google.get("fileUri") == attachment.url
        if attachment.url
        else _data(google) == attachment.data,
    ]
    return any(shapes)


def _data(inline: dict[str, Any]) -> bytes:
    """Google accepts both base64 alphabets, and its SDK writes the URL-safe one."""
    return base64.b64decode(inline.get("data", "").translate(str.maketrans("-_", "+/")))
