"""The security list, 1 to 14 and 33: what a request for authorization may be. Numbers are the
list's, in docs/identity.md.
"""

import pytest

from control_plane.container import Container
from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.integration.identity.browser import PASSWORD, App, Browser, Page, sign_in, tokens
from tests.support import operations

ISSUER = "http://localhost:3000"
STRANGE = [
    "http://localhost:8080@evil.example/callback",
    "http://localhost:8080/x/../callback",
    "http://LOCALHOST:8080/callback",
    "http://localhost:8080/callback/",
    "http://localhost:8080/callback?x=1",
    "http://localhost:8080/callback#x",
    "https://localhost:8080/callback",
    "http://[::1]:8080/callback",
    "http://localhost:99999/callback",
    "http://localhost:0/callback",
    "http://localhost:8080\\@evil.example/callback",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://evil.example/callback",
    "ünïcode://\"'<script>",
]


async def ask(browser: Browser, app: App, **changed: str | None) -> Page:
    return await browser.get("/oauth/authorize", **app.request(**changed))


@pytest.mark.parametrize("uri", STRANGE)
async def test_1_3_6_a_strange_redirect_is_a_page(browser: Browser, app: App, uri: str) -> None:
    page = await ask(browser, app, redirect_uri=uri)
    assert (page.status, page.location) == (400, "")
    assert page.headers["Content-Type"].startswith("text/html")
    assert uri not in page.text


@pytest.mark.parametrize(
    "uri",
    [
        "http://localhost:8080/callback",
        "http://localhost:51234/callback",
        "http://localhost/callback",
        "http://127.0.0.1:9/callback",
    ],
)
async def test_2_a_loopback_port_is_the_clients_own(browser: Browser, app: App, uri: str) -> None:
    page = await ask(browser, app, redirect_uri=uri)
    assert (page.status, page.location.split("?")[0]) == (303, "/login")


async def test_2_a_web_client_has_no_free_port(
    browser: Browser, container: Container, app: App
) -> None:
    made = Client(
        "local",
        "Local",
        ["openid"],
        None,
        ["http://localhost:8080/callback"],
        ["authorization_code"],
        "web",
        [],
        False,
    )
    await clients.create_client(container.pool, made)
    app.client_id, app.scope = "local", "openid"
    assert (await ask(browser, app)).status == 303
    assert (await ask(browser, app, redirect_uri="http://localhost:8081/callback")).status == 400


@pytest.mark.parametrize(
    "changed", [{"client_id": "nobody<b>"}, {"client_id": None}, {"redirect_uri": None}]
)
async def test_6_an_unknown_client_is_a_page(
    browser: Browser, app: App, changed: dict[str, str | None]
) -> None:
    page = await ask(browser, app, **changed)
    assert (page.status, page.location) == (400, "")
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": 'x"ö'}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "unsupported_response_mode"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "ä" * 43}, "invalid_request"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": "nonsense"}, "invalid_scope"),
        ({"prompt": "perhaps"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"id_token_hint": "garbage"}, "invalid_request"),
        ({"claims": "[]"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"request": "x"}, "request_not_supported"),
        ({"request_uri": "https://x.example"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
async def test_7_8_11_12_13_other_errors_are_redirects(
    browser: Browser, app: App, changed: dict[str, str | None], error: str
) -> None:
    page = await ask(browser, app, **changed)
    assert (page.status, page.query["error"]) == (303, error)
    assert page.location.startswith(app.redirect_uri + "?")
    assert (page.query["state"], page.query["iss"]) == (app.state, ISSUER)
    assert "code" not in page.query


async def test_9_a_parameter_comes_once(browser: Browser, app: App) -> None:
    path = "/oauth/authorize"
    pairs = list(app.request().items())
    page = await browser.post(path, [*pairs, ("scope", "email")])
    assert page.query["error"] == "invalid_request"
    for name in ("client_id", "redirect_uri"):
        page = await browser.post(path, [*pairs, (name, app.request()[name])])
        assert (page.status, page.location) == (400, "")
    page = await browser.post(path, [*pairs, ("unknown", "x")])
    assert (page.status, page.location.split("?")[0]) == (303, "/login")


async def test_10_answers_by_form_are_posted_on(browser: Browser, app: App, user: User) -> None:
    page = await sign_in(browser, app, user.email, response_mode="form_post")
    assert page.status == 200
    assert f'action="{app.redirect_uri}"' in page.text
    assert 'name="code"' in page.text
    assert "script-src 'sha256-" in page.headers["Content-Security-Policy"]


async def test_33_silence_without_consent_is_refused(
    browser: Browser, app: App, user: User
) -> None:
    await tokens(browser, app, user.email)
    page = await ask(browser, app, prompt="none")
    assert page.query["error"] == "consent_required"


async def test_33_a_site_is_answered_silently_once_allowed(
    browser: Browser, site: App, user: User
) -> None:
    first = await tokens(browser, site, user.email)
    page = await ask(browser, site, prompt="none", id_token_hint=first["id_token"])
    assert page.query["code"]
    assert page.query["x"] == "1"
    assert (await ask(browser, site, prompt="none", max_age="0")).query["error"] == "login_required"
    page = await ask(browser, site, prompt="none", scope="openid profile")
    assert page.query["error"] == "consent_required"


async def test_33_a_hint_of_somebody_else_is_refused(
    browser: Browser, site: App, user: User, settings: Settings
) -> None:
    first = await tokens(browser, site, user.email)
    other = Browser(browser.client)
    await operations.create_user(settings, "grace@example.com", "pro", 1, PASSWORD)
    await tokens(other, site, "grace@example.com")
    assert (await ask(other, site, prompt="none")).query["code"]
    page = await ask(other, site, prompt="none", id_token_hint=first["id_token"])
    assert page.query["error"] == "login_required"


@pytest.mark.parametrize("changed", [{"prompt": "login"}, {"max_age": "0"}])
async def test_33_a_new_sign_in_is_required_once(
    browser: Browser, site: App, user: User, changed: dict[str, str | None]
) -> None:
    await tokens(browser, site, user.email)
    before = browser.cookies["headrace_session"]
    page = await ask(browser, site, **changed)
    assert page.location.startswith("/login")
    page = await sign_in(browser, site, user.email, **changed)
    assert page.query["code"]
    assert browser.cookies["headrace_session"] != before


async def test_39_another_browser_cannot_go_on(browser: Browser, app: App, user: User) -> None:
    page = await ask(browser, app)
    other = Browser(browser.client)
    assert (await other.get(page.location)).status == 400
    assert (await other.get(page.location.replace("/login", "/consent"))).status == 400


async def test_15_codes_and_tokens_are_kept_as_digests(
    browser: Browser, app: App, user: User, container: Container
) -> None:
    page = await sign_in(browser, app, user.email)
    code = page.query["code"]
    _, body = await app.exchange(code)
    _, newer = await app.refresh(body["refresh_token"])
    secrets = [code, body["refresh_token"], newer["refresh_token"], *browser.cookies.values()]
    dump = ""
    for table in ("authorization_codes", "refresh_tokens", "browser_sessions", "interactions"):
        rows = await container.pool.fetch(f"SELECT * FROM {table}")
        dump += str([dict(row) for row in rows])
    assert not [secret for secret in secrets if secret in dump]
