"""Asks the control plane to bring a cold account into Redis: the one call between the planes."""

import asyncio

import aiohttp

from shared.errors import ServiceUnavailable, Unauthorized

TIMEOUT_S = 10.0


class AccountLoader:
    """Many requests of one cold account ask once and wait together."""

    def __init__(self, control_url: str, internal_token: str) -> None:
        self._url = control_url.rstrip("/")
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {internal_token}"},
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
        )
        self._asked: dict[str, asyncio.Task[None]] = {}

    async def load(self, account: str) -> None:
        """Raises Unauthorized for an account that is gone, ServiceUnavailable if nobody answers."""
        asked = self._asked.get(account)
        if asked is None:
            asked = asyncio.get_running_loop().create_task(self._ask(account))
            self._asked[account] = asked
            asked.add_done_callback(lambda _: self._asked.pop(account, None))
        await asyncio.shield(asked)

    async def _ask(self, account: str) -> None:
        try:
            async with self._session.post(
                f"{self._url}/internal/accounts/{account}/load"
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ServiceUnavailable from error
        if status == 404:
            raise Unauthorized("This account no longer exists.")
        if status != 204:
            raise ServiceUnavailable

    async def close(self) -> None:
        await self._session.close()
