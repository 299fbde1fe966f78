"""The security list, 5 and 14 to 32: codes, tokens, their races and their ends."""

import asyncio
import base64
import json
from collections import Counter
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from control_plane.container import Container
from control_plane.identity.users.records import User
from shared import keyspace
from tests.integration.identity.browser import App, Browser, sign_in, tokens


def claims_of(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


async def age(container: Container, table: str, column: str) -> None:
    """As if a minute had passed since."""
    await container.pool.execute(
        f"UPDATE {table} SET {column} = {column} - interval '2 minutes' WHERE {column} IS NOT NULL"
    )


async def test_5_14_an_exchange_must_fit_its_request(
    browser: Browser, app: App, user: User
) -> None:
    code = (await sign_in(browser, app, user.email)).query["code"]
    for wrong in (
        {"code_verifier": "x" * 43},
        {"code_verifier": None},
        {"redirect_uri": "http://localhost:8081/callback"},
    ):
        assert await app.exchange(code, **wrong) == (400, _denied())
    assert (await app.exchange(code, code_verifier="short"))[1]["error"] == "invalid_request"
    assert (await app.exchange(code, redirect_uri=None))[1]["error"] == "invalid_request"
    assert (await app.exchange(code))[0] == 200


def _denied() -> dict[str, str]:
    description = "the grant is invalid, expired, revoked or issued to another client"
    return {"error": "invalid_grant", "error_description": description}


async def test_14_a_verifier_without_a_challenge_is_refused(
    browser: Browser, site: App, user: User
) -> None:
    none = {"code_challenge": None, "code_challenge_method": None}
    code = (await sign_in(browser, site, user.email, **none)).query["code"]
    assert (await site.exchange(code))[0] == 400
    assert (await site.exchange(code, code_verifier=None))[0] == 200


async def test_15_a_code_lives_a_minute(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    code = (await sign_in(browser, app, user.email)).query["code"]
    await age(container, "authorization_codes", "expires_at")
    assert await app.exchange(code) == (400, _denied())


@pytest.mark.parametrize("changed", [{}, {"code_verifier": "y" * 43}])
async def test_16_a_code_used_twice_ends_its_tokens(
    browser: Browser, app: App, user: User, container: Container, changed: dict[str, str]
) -> None:
    code = (await sign_in(browser, app, user.email)).query["code"]
    _, body = await app.exchange(code)
    await age(container, "authorization_codes", "expires_at")
    assert (await app.exchange(code, **changed))[0] == 400
    assert (await app.userinfo(body["access_token"]))[0] == 401
    assert (await app.refresh(body["refresh_token"]))[0] == 400
    sid = claims_of(body["access_token"])["sid"]
    assert await container.redis.zscore(keyspace.REVOKED, sid) is not None


async def test_17_of_eight_exchanges_one_succeeds(browser: Browser, app: App, user: User) -> None:
    code = (await sign_in(browser, app, user.email)).query["code"]
    answers = await asyncio.gather(*(app.exchange(code) for _ in range(8)))
    assert Counter(status for status, _ in answers) == {200: 1, 400: 7}


async def test_19_20_an_older_refresh_token_ends_the_family(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    first = await tokens(browser, app, user.email)
    _, second = await app.refresh(first["refresh_token"])
    _, third = await app.refresh(second["refresh_token"])
    assert await app.refresh(first["refresh_token"]) == (400, _denied())
    assert (await app.refresh(third["refresh_token"]))[0] == 400
    assert (await app.userinfo(third["access_token"]))[0] == 401
    kinds = await container.pool.fetch("SELECT kind FROM account_activity")
    assert "refresh_token_replayed" in [row["kind"] for row in kinds]


async def test_21_the_last_but_one_is_answered_again_for_a_moment(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    first = await tokens(browser, app, user.email)
    _, second = await app.refresh(first["refresh_token"])
    _, again = await app.refresh(first["refresh_token"])
    assert again["refresh_token"] == second["refresh_token"]
    await age(container, "refresh_tokens", "used_at")
    assert (await app.refresh(first["refresh_token"]))[0] == 400
    assert (await app.refresh(second["refresh_token"]))[0] == 400


async def test_22_eight_refreshes_at_once_keep_the_app_signed_in(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    first = await tokens(browser, app, user.email)
    answers = await asyncio.gather(*(app.refresh(first["refresh_token"]) for _ in range(8)))
    assert {status for status, _ in answers} == {200}
    assert len({body["refresh_token"] for _, body in answers}) == 1
    unused = "SELECT count(*) FROM refresh_tokens WHERE used_at IS NULL"
    assert await container.pool.fetchval(unused) == 1
    assert (await app.refresh(answers[0][1]["refresh_token"]))[0] == 200


async def test_23_scopes_shrink_and_never_grow(
    browser: Browser, app: App, site: App, user: User, container: Container
) -> None:
    first = await tokens(browser, app, user.email)
    wider = await app.refresh(first["refresh_token"], scope="openid credits.read")
    assert wider[1]["error"] == "invalid_scope"
    _, narrow = await app.refresh(first["refresh_token"], scope="openid email")
    assert narrow["scope"] == "openid email"
    _, whole = await app.refresh(narrow["refresh_token"])
    assert whole["scope"] == app.scope
    site.verifier = app.verifier
    assert (await site.refresh(whole["refresh_token"]))[0] == 400
    await container.pool.execute("UPDATE users SET state = 'suspended'")
    assert (await app.refresh(whole["refresh_token"]))[0] == 400


@pytest.mark.parametrize("column", ["refresh_tokens.expires_at", "grants.expires_at"])
async def test_24_refresh_tokens_end_idle_and_absolutely(
    browser: Browser, app: App, user: User, container: Container, column: str
) -> None:
    first = await tokens(browser, app, user.email)
    table, name = column.split(".")
    await container.pool.execute(f"UPDATE {table} SET {name} = now() - interval '1 second'")
    assert (await app.refresh(first["refresh_token"]))[0] == 400


async def test_25_32_what_the_tokens_say(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    body = await tokens(browser, app, user.email)
    keys = KeySet.import_key_set(await container.keys.load_public())  # type: ignore[arg-type]
    access = jwt.decode(body["access_token"], keys)
    assert (access.header["typ"], access.header["alg"]) == ("at+jwt", "RS256")
    wanted = {"iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope", "sid"}
    assert set(access.claims) == wanted
    assert access.claims["exp"] - access.claims["iat"] <= 3600
    identity = jwt.decode(body["id_token"], keys).claims
    assert (identity["sub"], identity["aud"]) == (user.id, app.client_id)
    assert identity["at_hash"]
    assert identity["auth_time"] <= identity["iat"]


async def test_26_an_id_token_is_no_access_token(browser: Browser, app: App, user: User) -> None:
    body = await tokens(browser, app, user.email)
    assert (await app.userinfo(body["id_token"]))[0] == 401
    assert (await app.userinfo(body["refresh_token"]))[0] == 401


async def test_27_28_how_userinfo_refuses(browser: Browser, app: App, user: User) -> None:
    body = await tokens(browser, app, user.email)
    page = await browser.get("/oauth/userinfo")
    assert (page.status, page.headers["WWW-Authenticate"]) == (
        401,
        'Bearer realm="http://localhost:3000"',
    )
    page = await browser.get("/oauth/userinfo", access_token=body["access_token"])
    assert page.status == 400
    page = await browser.post("/oauth/userinfo", {"access_token": body["access_token"]})
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
    async with app.client.get("/oauth/userinfo", headers={"Authorization": "Bearer x"}) as answer:
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    _, narrow = await app.refresh(body["refresh_token"], scope="llm.inference")
    status, body = await app.userinfo(narrow["access_token"])
    assert (status, body["error"]) == (403, "insufficient_scope")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code", "client_id": None}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
    ],
)
async def test_29_the_token_endpoint_refuses_in_json(
    app: App, container: Container, form: dict[str, Any], status: int, error: str
) -> None:
    answered, body = await app.token(form)
    assert (answered, body["error"]) == (status, error)
    assert body["error_description"]


async def test_29_only_forms_are_read(app: App) -> None:
    async with app.client.post("/oauth/token", json={"grant_type": "x"}) as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (400, "no-store")
    async with app.client.get("/oauth/token") as answer:
        assert answer.status == 405
    form = "grant_type=refresh_token&grant_type=refresh_token&client_id=x"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with app.client.post("/oauth/token", data=form, headers=headers) as answer:
        assert (await answer.json())["error"] == "invalid_request"


async def test_29_a_client_proves_itself_in_one_way(
    browser: Browser, site: App, user: User
) -> None:
    code = (await sign_in(browser, site, user.email)).query["code"]
    secret, site.secret = site.secret, "wrong"
    assert (await site.exchange(code))[0] == 401
    site.secret = secret
    basic = base64.b64encode(f"site:{secret}".encode()).decode()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": site.redirect_uri}
    form["code_verifier"] = site.verifier
    for header, status in ((f"Basic {basic}x", 401), ("Basic ?", 401), (f"Basic {basic}", 200)):
        headers = {"Authorization": header}
        async with site.client.post("/oauth/token", data=form, headers=headers) as answer:
            assert answer.status == status
            assert ("WWW-Authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_30_revoking_ends_the_grant(
    browser: Browser, app: App, user: User, container: Container, kind: str
) -> None:
    body = await tokens(browser, app, user.email)
    form: dict[str, str | None] = {"token": body[kind], "token_type_hint": "nonsense"}
    for _ in range(2):
        assert await app.call("/oauth/revoke", form) == (200, {"success": True})
    assert (await app.refresh(body["refresh_token"]))[0] == 400
    assert (await app.userinfo(body["access_token"]))[0] == 401
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    async with app.client.get("/v1/api-keys", headers=headers) as answer:
        assert answer.status == 401


async def test_30_others_tokens_are_left_alone(
    browser: Browser, app: App, site: App, user: User
) -> None:
    body = await tokens(browser, app, user.email)
    form: dict[str, str | None] = {"token": body["refresh_token"]}
    assert (await site.call("/oauth/revoke", form))[0] == 200
    assert (await site.call("/oauth/revoke", {"token": "nothing"}))[0] == 200
    assert (await site.call("/oauth/revoke", {}))[0] == 400
    assert (await app.userinfo(body["access_token"]))[0] == 200


async def test_revocations_come_back_after_a_loss_of_redis(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    body = await tokens(browser, app, user.email)
    await app.call("/oauth/revoke", {"token": body["access_token"]})
    await container.redis.flushdb()
    assert await container.publisher.publish()
    sid = claims_of(body["access_token"])["sid"]
    assert await container.redis.zscore(keyspace.REVOKED, sid) is not None
    assert not await container.publisher.publish()
