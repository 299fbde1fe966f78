"""HTTP to the providers: one connection pool per replica, one open response per request.

Keys are sent in a header and appear nowhere else. A network failure becomes a Refusal; its cause
is kept for the log and is not sent to the caller.
"""

import io
from collections.abc import Mapping
from typing import NamedTuple

import aiohttp

from inference_plane.core.upstream_failure import Unreachable
from shared.errors import Refusal, UpstreamError, UpstreamTimeout

ERROR_BODY_MAX = 64 * 1024
_PIECE_MAX = 1024 * 1024


class UpstreamResponse:
    """An open response: a status, then bytes as they arrive."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status

    @property
    def headers(self) -> dict[str, str]:
        """By their lower-case names."""
        return {name.lower(): value for name, value in self._response.headers.items()}

    async def read_error(self) -> bytes:
        """The start of an error body, at most ERROR_BODY_MAX bytes. Raises as `post` does."""
        try:
            return await self._response.content.read(ERROR_BODY_MAX)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _to_refusal(error) from error

    async def read_available(self) -> bytes:
        """What has arrived, as soon as anything has; empty at the end. Raises as `post` does."""
        try:
            return await self._response.content.readany()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _to_refusal(error) from error

    async def read_all(self) -> bytes:
        """The whole body. Raises as `post` does."""
        try:
            return await self._response.content.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _to_refusal(error) from error

    def close(self) -> None:
        """Closes the connection, which tells the provider to stop generating."""
        self._response.close()


class Fetched(NamedTuple):
    """A whole answer. `headers` are by their lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Opens responses. Timeouts are in seconds."""

    def __init__(self, connect_timeout_s: float, idle_timeout_s: float) -> None:
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=connect_timeout_s, sock_read=idle_timeout_s
        )
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, auto_decompress=False
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> UpstreamResponse:
        """The response, once its status has arrived. Raises UpstreamError or UpstreamTimeout."""
        return await self._send("POST", url, headers, body)

    async def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Fetched:
        """A whole answer; of an error only its start. An empty body is not sent. Raises as `post`
        does.
        """
        response = await self._send(method, url, headers, body)
        try:
            read = response.read_all if response.status == 200 else response.read_error
            return Fetched(response.status, response.headers, await read())
        finally:
            response.close()

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> UpstreamResponse:
        all_headers = {"Accept-Encoding": "identity", **headers}
        if body:
            all_headers["Content-Type"] = "application/json"
        try:
            data = _payload(body) if body else None
            response = await self._session.request(method, url, data=data, headers=all_headers)
            return UpstreamResponse(response)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _to_refusal(error) from error

    async def close(self) -> None:
        await self._session.close()


def _payload(body: bytes) -> bytes | io.BytesIO:
    """A large body is written in pieces, so that it does not hold up the other streams."""
    return body if len(body) <= _PIECE_MAX else io.BytesIO(body)


def _to_refusal(error: BaseException) -> Refusal:
    if isinstance(error, TimeoutError):
        return UpstreamTimeout()
    kind = Unreachable if isinstance(error, aiohttp.ClientConnectorError) else UpstreamError
    return kind(details={"provider_status": None})
