"""A token opens what its scopes say: it makes no wider key, and changes no account by itself."""

import asyncio
from typing import Any

import pytest

from control_plane.api.routes import ROUTES
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from shared.auth import api_keys
from shared.auth.principal import SCOPE_USER
from tests.integration.identity.browser import PASSWORD, App, Browser, Forms, sign_in, tokens
from tests.integration.identity.planes import control_plane_status, inference_plane_accepts
from tests.integration.identity.test_second_factors import Time, log_in, set_up_totp
from tests.support import operations
from tests.support.caller import Caller

KEYS = "/v1/api-keys"
SENSITIVE: dict[tuple[str, str], dict[str, Any] | None] = {
    ("DELETE", "/v1/users/me"): None,
    ("POST", "/v1/users/me/password"): {"new_password": "a much better password"},
    ("POST", "/v1/users/me/email"): {"email": "new@example.com"},
    ("POST", "/v1/users/me/security/totp"): None,
    ("DELETE", "/v1/users/me/security/totp"): None,
    ("POST", "/v1/users/me/security/recovery-codes"): None,
    ("DELETE", "/v1/users/me/security/passkeys/00"): None,
}
_OLD = "UPDATE grants SET authenticated_at = now() - interval '16 minutes'"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


async def caller_with(browser: Browser, app: App, user: User, scope: str) -> Caller:
    page = await sign_in(browser, app, user.email, scope=scope)
    _, body = await app.exchange(page.query["code"])
    return Caller(app.client, body["access_token"])


@pytest.mark.parametrize(
    ("token_scope", "wanted", "status"),
    [
        ("openid user.info", None, 422),
        ("openid user.info", ["llm.inference"], 422),
        ("openid user.info models.read", ["llm.inference", "models.read"], 422),
        ("openid user.info models.read", None, 201),
        ("openid user.info llm.inference models.read", ["llm.inference"], 201),
    ],
)
async def test_a_key_is_not_wider_than_the_token_that_makes_it(
    browser: Browser, app: App, user: User, *, token_scope: str, wanted: Any, status: int
) -> None:
    caller = await caller_with(browser, app, user, token_scope)
    sent = {"name": "script"} | ({} if wanted is None else {"scopes": wanted})
    answered, body = await caller.ask("POST", KEYS, sent)
    assert answered == status, body
    if status == 422:
        assert [field["field"] for field in body["error"]["details"]["fields"]] == ["scopes"]
    else:
        assert set(body["scopes"]) <= set(token_scope.split())


async def end_by_revoking(app: App, made: dict[str, Any]) -> None:
    assert (await app.call("/oauth/revoke", {"token": made["access_token"]}))[0] == 200


async def end_by_ending_the_device(app: App, made: dict[str, Any]) -> None:
    caller = Caller(app.client, made["access_token"])
    [mine] = (await caller.ask("GET", "/v1/users/me/sessions"))[1]["data"]
    assert (await caller.ask("DELETE", f"/v1/users/me/sessions/{mine['id']}"))[0] == 204


async def end_by_signing_out_everywhere(app: App, made: dict[str, Any]) -> None:
    caller = Caller(app.client, made["access_token"])
    assert (await caller.ask("DELETE", "/v1/users/me/sessions"))[0] == 204


async def end_by_replaying(app: App, made: dict[str, Any]) -> None:
    _, second = await app.refresh(made["refresh_token"])
    await app.refresh(second["refresh_token"])
    assert (await app.refresh(made["refresh_token"]))[0] == 400


@pytest.mark.parametrize(
    "end",
    [
        end_by_revoking,
        end_by_ending_the_device,
        end_by_signing_out_everywhere,
        end_by_replaying,
    ],
)
async def test_a_key_of_an_application_ends_with_its_grant(
    browser: Browser, app: App, user: User, container: Container, end: Any
) -> None:
    made = await tokens(browser, app, user.email)
    _, key = await Caller(app.client, made["access_token"]).ask(
        "POST", KEYS, {"name": "x", "scopes": ["llm.inference"]}
    )
    assert await inference_plane_accepts(container, key["secret"])
    await end(app, made)
    assert not await inference_plane_accepts(container, key["secret"])
    for credential in (key["secret"], made["access_token"]):
        assert not await inference_plane_accepts(container, credential)
    await asyncio.sleep(api_keys.CACHE_S)
    assert await control_plane_status(app.client, key["secret"]) == 401
    await container.publisher.publish()
    assert not await inference_plane_accepts(container, key["secret"])


async def test_a_key_of_a_removed_application_ends_with_it(
    browser: Browser, app: App, user: User, container: Container, settings: Settings
) -> None:
    made = await tokens(browser, app, user.email)
    caller = Caller(app.client, made["access_token"])
    _, key = await caller.ask("POST", KEYS, {"name": "x", "scopes": ["llm.inference"]})
    await operations.remove_client(settings, app.client_id)
    assert not await inference_plane_accepts(container, key["secret"])


async def test_a_key_of_the_account_page_lives_on(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    made = await tokens(browser, app, user.email)
    page = await browser.get("/account/api-keys")
    fields = Forms(page.text).fields | {"name": "mine"}
    csrf = {"csrf": fields["csrf"], "name": "mine", "llm.inference": "on", "models.read": "on"}
    page = await browser.post("/account/api-keys", csrf)
    secret = page.text.partition("hr_live_")[2].partition("<")[0]
    await Caller(app.client, made["access_token"]).ask("DELETE", "/v1/users/me/sessions")
    await container.publisher.publish()
    assert await inference_plane_accepts(container, f"hr_live_{secret}")


@pytest.mark.parametrize("route", SENSITIVE, ids=" ".join)
async def test_a_sensitive_change_needs_a_recent_password_or_factor(
    browser: Browser, app: App, user: User, container: Container, route: tuple[str, str]
) -> None:
    """A token alone is not enough once its sign-in is old; the password is, and so is a new one."""
    caller = await caller_with(browser, app, user, "openid user.info")
    await container.pool.execute(_OLD)
    status, body = await caller.ask(*route, SENSITIVE[route])
    assert (status, body["error"]["code"]) == (403, "recent_authentication_required")
    sent = SENSITIVE[route] or {}
    status, body = await caller.ask(*route, {**sent, "current_password": "a wrong one"})
    assert (status, body["error"]["code"]) == (403, "forbidden")
    status, _ = await caller.ask(*route, {**sent, "current_password": PASSWORD})
    assert status in {200, 201, 202, 204, 404}


@pytest.mark.parametrize("route", SENSITIVE, ids=" ".join)
async def test_a_recent_sign_in_confirms_by_itself(
    browser: Browser, app: App, user: User, route: tuple[str, str]
) -> None:
    caller = await caller_with(browser, app, user, "openid user.info")
    assert (await caller.ask(*route, SENSITIVE[route]))[0] in {200, 201, 202, 204, 404}


@pytest.mark.parametrize("route", SENSITIVE, ids=" ".join)
async def test_a_recent_sign_in_without_the_second_factor_confirms_nothing(
    browser: Browser, app: App, user: User, now: Time, route: tuple[str, str]
) -> None:
    caller = await caller_with(browser, app, user, "openid user.info")
    await set_up_totp(Browser(browser.client), user.email, now)
    status, body = await caller.ask(*route, SENSITIVE[route])
    assert (status, body["error"]["code"]) == (403, "recent_authentication_required")


async def test_the_second_factor_is_a_recent_factor(
    browser: Browser, app: App, user: User, now: Time
) -> None:
    secret, _ = await set_up_totp(browser, user.email, now)
    other = Browser(browser.client)
    page = await other.submit(await log_in(other, user.email), code=now.code(secret))
    assert page.status == 303
    caller = await caller_with(other, app, user, "openid user.info")
    assert (await caller.ask("DELETE", "/v1/users/me"))[0] == 204


@pytest.mark.parametrize("route", ROUTES, ids=lambda each: f"{each.method} {each.path}")
async def test_every_route_wants_its_scope(
    browser: Browser, app: App, user: User, route: Any
) -> None:
    """With every scope but the one."""
    every = ["openid", "llm.inference", "models.read", "user.info", "credits.read"]
    caller = await caller_with(
        browser, app, user, " ".join(scope for scope in every if scope != route.scope)
    )
    path = route.path.replace("{id}", "x")
    body: dict[str, Any] | None = None if route.method == "GET" else {}
    status, refused = await caller.ask(route.method, path, body)
    code = refused["error"].get("code") or refused["error"]["status"]
    assert (status, code) in {(403, "forbidden"), (403, "PERMISSION_DENIED"), (403, 403)}


def test_every_change_of_how_one_signs_in_is_sensitive() -> None:
    """But for the first code of a new app: its secret was shown to who confirmed that."""
    guarded = {(method, path.replace("/00", "/{id}")) for method, path in SENSITIVE}
    found = {
        (each.method, each.path)
        for each in ROUTES
        if each.scope == SCOPE_USER
        and each.method != "GET"
        and ("security" in each.path or each.path.endswith(("/me/password", "/me/email")))
    }
    assert found - guarded == {("POST", "/v1/users/me/security/totp/confirm")}
    assert ("DELETE", "/v1/users/me") in guarded
