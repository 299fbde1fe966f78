"""The plane's JSON as the contract has it, over a real server and real databases."""

import jwt
import pytest

from control_plane.container import Container
from control_plane.settings import Settings
from shared.keyspace import account_key
from tests.integration.control_plane.api_client import Api, Client
from tests.support import operations


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/models", 405, "invalid_request"),
        ("GET", "/v1/credits/me", 401, "unauthorized"),
        ("POST", "/internal/accounts/x/load", 404, "not_found"),
        ("GET", "/metrics", 404, "not_found"),
    ],
)
async def test_errors_have_one_shape(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    headers = {"X-Request-Id": "my-request-0001"}
    async with api.client.request(method, path, headers=headers) as answer:
        body = (await answer.json())["error"]
        assert (answer.status, body["code"]) == (status, code)
        assert answer.headers["X-Request-Id"] == body["request_id"] == "my-request-0001"
        assert set(body) == {"code", "message", "type", "param", "details", "request_id"}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_an_insane_request_id_is_replaced(api: Api) -> None:
    async with api.client.get("/health", headers={"X-Request-Id": "a b{}"}) as answer:
        assert answer.headers["X-Request-Id"].startswith("req_")


async def test_a_token_opens_what_its_scopes_say(settings: Settings, api: Api) -> None:
    api.token = await operations.issue_token(settings, "ada@example.com", ["models.read"])
    await api.get("/v1/models")
    error = (await api.get("/v1/credits/me", 403))["error"]
    assert (error["code"], error["details"]["required_scope"]) == ("forbidden", "credits.read")


async def test_forged_and_foreign_tokens_are_refused(settings: Settings, api: Api) -> None:
    good = jwt.decode(api.token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(api.token)["kid"]
    header = {"kid": kid, "typ": "at+jwt"}
    forged = jwt.encode(good, "a secret that is long enough for HS256!", "HS256", headers=header)
    other = settings.model_copy(update={"public_url": "https://elsewhere.example"})
    foreign = await operations.issue_token(other, "ada@example.com")
    head, body, signature = api.token.split(".")
    for token in (forged, foreign, f"{head}.{body}.{signature[:-4]}AAAA", "x", "a.b.c"):
        api.token = token
        assert (await api.get("/v1/models", 401))["error"]["code"] == "unauthorized"


async def test_keys_and_configuration_are_found(api: Api) -> None:
    configuration = await api.get("/.well-known/openid-configuration")
    assert configuration["issuer"] == "http://localhost:3000"
    assert configuration["jwks_uri"] == "http://localhost:3000/oauth/jwks"
    keys = jwt.PyJWKSet.from_dict(await api.get("/oauth/jwks"))
    kid = jwt.get_unverified_header(api.token)["kid"]
    claims = jwt.decode(api.token, keys[kid], algorithms=["RS256"], audience="headrace")
    assert claims["iss"] == configuration["issuer"]
    assert "d" not in (await api.get("/oauth/jwks"))["keys"][0]


async def test_the_other_plane_has_an_account_loaded(
    settings: Settings, container: Container, api: Api, internal: Client
) -> None:
    late = await operations.create_user(settings, "late@example.com")
    headers = {"Authorization": f"Bearer {settings.internal_token()}"}
    for _ in range(2):
        path = f"/internal/accounts/{late.id}/load"
        async with internal.post(path, headers=headers) as answer:
            assert answer.status == 204
    async with internal.post(path) as answer:
        assert answer.status == 401
    assert await container.redis.hget(account_key(late.id), "avail") == b"5000000000"
    for nobody in ("11111111-1111-4111-8111-111111111111", "nobody"):
        async with internal.post(f"/internal/accounts/{nobody}/load", headers=headers) as answer:
            assert answer.status == 404


async def test_health_tells_what_is_missing(api: Api) -> None:
    assert (await api.get("/health"))["status"] == "ok"
    body = await api.get("/health/ready", 503)
    checks = {"postgres": True, "migrations": True, "redis": True, "workers": False}
    assert body == {"status": "not_ready", "checks": checks}


async def test_metrics_are_on_the_internal_port_only(internal: Client) -> None:
    async with internal.get("/health") as answer:
        assert answer.status == 200
    async with internal.get("/metrics") as answer:
        assert 'route="/health"' in await answer.text()
