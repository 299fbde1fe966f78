"""Asks the control plane to load a cold account into Redis: the one call between the planes."""

import asyncio

import aiohttp

from shared.errors import ServiceUnavailable, Unauthorized

TIMEOUT_S = 10.0


class AccountLoader:
    """Concurrent requests of one cold account share one call."""

    def __init__(self, control_url: str, internal_token: str) -> None:
        self._url = control_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {internal_token}"},
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        )
        self._calls: dict[str, asyncio.Task[None]] = {}

    async def load(self, account: str) -> None:
        """Raises Unauthorized for a deleted account, ServiceUnavailable if the call fails."""
        call = self._calls.get(account)
        if call is None:
            call = asyncio.get_running_loop().create_task(self._load(account))
            self._calls[account] = call
            call.add_done_callback(lambda _: self._calls.pop(account, None))
        await asyncio.shield(call)

    async def _load(self, account: str) -> None:
        url = f"{self._url}/internal/accounts/{account}/load"
        try:
            async with self._session.post(url) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ServiceUnavailable from error
        if status == 404:
            raise Unauthorized("This account no longer exists.")
        if status != 204:
            raise ServiceUnavailable

    async def close(self) -> None:
        await self._session.close()
