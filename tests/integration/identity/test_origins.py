"""The security list, 42: registered websites may read the token endpoint, and nobody else."""

import pytest

from control_plane.identity.clients.records import CODE_GRANT, Client
from control_plane.settings import Settings
from tests.integration.identity.browser import App
from tests.support import operations

ORIGIN = "https://spa.example"
FOREIGN = [
    "https://evil.example",
    "https://spa.example.evil.example",
    "http://spa.example",
    "null",
    "https://spa.example:444",
    "https://spa.exampl",
    "https://SPA.example",
    "é",
]


@pytest.fixture(autouse=True)
async def spa(settings: Settings, app: App) -> None:
    new = Client("spa", "Spa", ["openid"], None, [f"{ORIGIN}/back"], [CODE_GRANT], "web", [], False)
    await operations.register_client(settings, new, confidential=False)


async def test_42_a_registered_website_reads_the_token_endpoint(app: App) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/userinfo"):
        async with app.client.post(path, headers={"Origin": ORIGIN}) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert answer.headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Credentials" not in answer.headers
        headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
        async with app.client.options(path, headers=headers) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
            assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_42_nobody_else_does(app: App, origin: str) -> None:
    for method in ("POST", "OPTIONS"):
        async with app.client.request(method, "/oauth/token", headers={"Origin": origin}) as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert answer.headers["Vary"] == "Origin"


async def test_42_a_native_applications_address_is_no_website(app: App) -> None:
    async with app.client.post(
        "/oauth/token", headers={"Origin": "http://localhost:8080"}
    ) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
