"""A client of the running control plane."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

Client = TestClient[web.Request, web.Application]


@dataclass
class Api:
    """A client of the running application, with a token that has every scope."""

    client: Client
    token: str

    async def get(self, path: str, status: int = 200, **headers: str) -> Any:
        wanted = {"Authorization": f"Bearer {self.token}", **headers}
        async with self.client.get(path, headers=wanted) as answer:
            body = await answer.json()
            assert answer.status == status, body
            return body
