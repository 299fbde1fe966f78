"""HTTP to the providers: one pool of connections per replica, one open answer per request.

Keys go into a header and nowhere else. Whatever the network does comes out as a Refusal whose cause
stays with us.
"""

from collections.abc import Mapping

import aiohttp

from shared.errors import Refusal, UpstreamError, UpstreamTimeout

ERROR_BODY_MAX = 64 * 1024


class Answer:
    """An upstream's open answer: a status, then bytes as they come."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status

    @property
    def headers(self) -> dict[str, str]:
        """By their names in lower case."""
        return {name.lower(): value for name, value in self._response.headers.items()}

    async def read_error(self) -> bytes:
        """The body of a refusal, as much of it as an explanation needs."""
        try:
            return await self._response.content.read(ERROR_BODY_MAX)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _explained(error) from error

    async def read_piece(self) -> bytes:
        """What has arrived, as soon as it has; nothing at the end. Raises as `post` does."""
        try:
            return await self._response.content.readany()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _explained(error) from error

    async def read_whole(self) -> bytes:
        """All of it. Raises as `post` does."""
        try:
            return await self._response.content.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _explained(error) from error

    def close(self) -> None:
        """Drops the connection: that is what tells a provider to stop."""
        self._response.close()


class Transport:
    """Opens answers; closed with the replica."""

    def __init__(self, connect_timeout_s: float, idle_timeout_s: float) -> None:
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=connect_timeout_s, sock_read=idle_timeout_s
        )
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, auto_decompress=False
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer, once its status has come. Raises UpstreamError or UpstreamTimeout."""
        sent = {"Content-Type": "application/json", "Accept-Encoding": "identity", **headers}
        try:
            return Answer(await self._session.post(url, data=body, headers=sent))
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _explained(error) from error

    async def close(self) -> None:
        await self._session.close()


def _explained(error: BaseException) -> Refusal:
    if isinstance(error, TimeoutError):
        return UpstreamTimeout()
    return UpstreamError(details={"provider_status": None})
