"""Others' readings of the same standards: Authlib's validators of our metadata, and its client."""

from typing import Any

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata
from jwt import PyJWKSet, decode, get_unverified_header

from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.oauth.metadata import describe
from shared.auth.access_tokens import AUDIENCE
from tests.integration.identity.browser import App, Browser, tokens


@pytest.mark.parametrize("reader", [OpenIDProviderMetadata, AuthorizationServerMetadata])
def test_authlib_finds_our_metadata_valid(reader: Any) -> None:
    reader(describe("https://llm.example")).validate()


async def test_the_document_tells_paths_that_are_there(browser: Browser) -> None:
    issuer = "http://localhost:3000"
    for name, value in describe(issuer).items():
        if str(value).startswith(f"{issuer}/"):
            page = await browser.get(value.removeprefix(issuer))
            assert page.status != 404, name


async def test_pyjwt_reads_our_tokens(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    body = await tokens(browser, app, user.email)
    keys = PyJWKSet.from_dict(await container.keys.load_public())
    key = keys[get_unverified_header(body["access_token"])["kid"]]
    issuer = "http://localhost:3000"
    access = decode(body["access_token"], key, ["RS256"], audience=AUDIENCE, issuer=issuer)
    identity = decode(body["id_token"], key, ["RS256"], audience=app.client_id, issuer=issuer)
    assert access["sub"] == identity["sub"] == user.id


def test_authlib_makes_the_same_challenge(app: App) -> None:
    challenge: str = create_s256_code_challenge(app.verifier)  # type: ignore[no-untyped-call]
    assert challenge == app.request()["code_challenge"]
