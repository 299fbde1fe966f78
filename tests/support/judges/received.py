"""The interface of a judge, and the answer it received: the same for every SDK."""

import base64
import struct
import zlib
from dataclasses import dataclass, field
from typing import Any, Protocol


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    + _chunk(b"IEND", b"")
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Attachment:
    """An image or a document in a message, inline or by URL."""

    media_type: str
    data: bytes = b""
    url: str = ""

    @property
    def base64(self) -> str:
        return base64.b64encode(self.data).decode()

    @property
    def data_url(self) -> str:
        return self.url or f"data:{self.media_type};base64,{self.base64}"


PICTURE = Attachment("image/png", PNG)
PICTURE_BY_URL = Attachment("image/png", url="https://pictures.example/one.png")
DOCUMENT = Attachment("application/pdf", PDF)


@dataclass(frozen=True)
class OfferedTool:
    """A tool the model may call."""

    name: str
    parameters: dict[str, Any]
    description: str = "what it does"


@dataclass(frozen=True)
class ToolCall:
    id: str
    name: str
    arguments: Any


@dataclass
class Received:
    """An answer. `turn` is what the SDK puts into the next request for it, verbatim.

    `credits` is our own object, where the SDK exposes unknown fields; `used` is the `credits_used`
    inside the SDK's usage. Counts: `prompt` includes `cached`.
    """

    text: str = ""
    thoughts: str = ""
    refusal: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    reason: str = ""
    turn: list[Any] = field(default_factory=list)
    prompt: int = 0
    cached: int = 0
    output: int = 0
    used: float | None = None
    credits: dict[str, Any] | None = None
    answers: int = 1


class Judge(Protocol):
    """One SDK on one surface."""

    surface: str

    async def send(
        self, model: str, turns: list[Any], *, streamed: bool = False, **fields: Any
    ) -> Received:
        """`fields` are the SDK's own arguments. Raises what the SDK raises."""
        ...

    def open(self, model: str, turns: list[Any], **fields: Any) -> Any:
        """An asynchronous iterator over a stream; closing it closes the connection."""
        ...

    def user(self, text: str, *attachment: Attachment) -> list[Any]: ...

    def results(self, received: Received, *texts: str) -> list[Any]:
        """The turns that answer the calls just received."""
        ...

    def tools(self, *offered: OfferedTool) -> dict[str, Any]: ...

    def schema(self, schema: dict[str, Any]) -> dict[str, Any]: ...

    def thinking(self) -> dict[str, Any]: ...

    async def close(self) -> None: ...


def error_code(error: BaseException) -> tuple[type[BaseException], str]:
    """An SDK's exception class, and our code as it is read from inside it."""
    for body in (getattr(error, "body", None), getattr(error, "details", None)):
        found = _code(body)
        if found:
            return type(error), found
    return type(error), str(getattr(error, "code", ""))


def _code(body: Any) -> str:
    inner = body.get("error", body) if isinstance(body, dict) else {}
    if not isinstance(inner, dict):
        return ""
    reasons = [each["reason"] for each in inner.get("details") or () if "reason" in each]
    return reasons[0] if reasons else str(inner.get("code") or "")
