"""A bare HTTP/1.1 client: sends bytes as they are, where a library would refuse or repair them."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.fuzz.mutations import Damaged

TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Response:
    """`headers` by lower-case name. Status 0: the connection was closed without a response."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def send(host: str, port: int, request: Damaged, token: str) -> Response:
    """One request on a connection of its own. Raises TimeoutError when nothing comes."""
    async with asyncio.timeout(TIMEOUT_S):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            with contextlib.suppress(ConnectionError):
                writer.write(_bytes(request, token))
                await writer.drain()
            with contextlib.suppress(ConnectionError):
                return _parse(await reader.read())
            return Response(0, {}, b"")
        finally:
            writer.close()


def _bytes(request: Damaged, token: str) -> bytes:
    case = request.case
    media = b"application/x-www-form-urlencoded" if case.form else b"application/json"
    headers = {
        b"Host": b"localhost",
        b"Connection": b"close",
        b"Authorization": b"Bearer " + token.encode(),
    }
    if case.body is not None:
        headers |= {b"Content-Type": media, b"Content-Length": b"%d" % len(request.body)}
    headers |= dict(request.headers)
    lines = [case.method.encode() + b" " + request.target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in headers.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.body


def _parse(raw: bytes) -> Response:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    parts = first.split(b" ", 2)
    if len(parts) < 2 or not parts[1].isdigit():
        return Response(0, {}, raw)
    if parts[1] == b"100":
        return _parse(body)
    pairs = (line.decode("latin-1").partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding") == "chunked":
        body = _joined(body)
    return Response(int(parts[1]), headers, body)


def _joined(chunked: bytes) -> bytes:
    whole = b""
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if not length:
            break
        whole, chunked = whole + rest[:length], rest[length + 2 :]
    return whole
