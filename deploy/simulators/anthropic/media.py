"""Images and documents in a message: rejects invalid base64 and wrong media types.

Source: Anthropic API guides, https://docs.anthropic.com/en/docs/build-with-claude/vision and
https://docs.anthropic.com/en/docs/build-with-claude/pdf-support.
"""

import base64

from deploy.simulators.anthropic.errors import invalid
from deploy.simulators.anthropic.requests import (
    Base64,
    Content,
    Document,
    Image,
    Message,
    ToolResult,
    Url,
)


def check_media(messages: list[Message]) -> None:
    """Raises `Refusal` as the vendor does."""
    for number, message in enumerate(messages):
        if not isinstance(message.content, str):
            for place, block in enumerate(message.content):
                _check(block, f"messages.{number}.content.{place}")


def _check(block: Content, where: str) -> None:
    if isinstance(block, ToolResult) and isinstance(block.content, list):
        for place, inner in enumerate(block.content):
            _check(inner, f"{where}.tool_result.content.{place}")
    if not isinstance(block, Image | Document):
        return
    source, kind = block.source, "image" if isinstance(block, Image) else "document"
    if isinstance(source, Url) and not source.url.startswith(("https://", "http://")):
        raise invalid(f"{where}.{kind}.source.url.url: Only HTTPS URLs are supported.")
    if not isinstance(source, Base64):
        return
    if (source.media_type == "application/pdf") != (kind == "document"):
        raise invalid(f"{where}.{kind}.source.base64.media_type: Input should be an {kind} type")
    try:
        base64.b64decode(source.data, validate=True)
    except ValueError:
        message = f"{where}.{kind}.source.base64.data: The {kind} was not valid base64"
        raise invalid(message) from None
