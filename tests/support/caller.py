"""Calls the control plane's JSON, signed in or not."""

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient


class Caller:
    """`ask` gives status and body; `token` may be an access token or an API key."""

    def __init__(self, client: TestClient[web.Request, web.Application], token: str = "") -> None:
        self._client, self._token = client, token

    async def ask(
        self, method: str, path: str, body: Any = None, token: str = ""
    ) -> tuple[int, Any]:
        shown = token or self._token
        headers = {"Authorization": f"Bearer {shown}"} if shown else {}
        async with self._client.request(method, path, json=body, headers=headers) as answer:
            output = await answer.json() if answer.content_type == "application/json" else None
            return answer.status, output
