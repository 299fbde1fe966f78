"""Every refusal has the format that its caller reads, and no personal answer is stored."""

from typing import Any

import anthropic
import pytest
from anthropic import AsyncAnthropic
from google import genai
from google.genai import errors as google_errors

from control_plane.api.routes import ROUTES
from shared.endpoints import unknown
from tests.integration.control_plane.api_client import Api

VERSION = {"anthropic-version": "2023-06-01"}
GOOGLE = {"x-goog-api-key": "AIza-nothing"}
BY_VENDOR = [
    ("/v1beta/models", {}, "google"),
    ("/v1beta/models/nothing", {}, "google"),
    ("/v1/models", GOOGLE, "google"),
    ("/v1/models/nothing", GOOGLE, "google"),
    ("/v1/models", VERSION, "anthropic"),
    ("/v1/models/nothing", VERSION, "anthropic"),
    ("/v1/models", {}, "ours"),
    ("/v1/users/me", VERSION, "ours"),
    ("/v1/nothing", {}, "ours"),
]
PUBLIC = {"/v1/subscription-plans", "/oauth/jwks", "/.well-known/openid-configuration"}


async def ask(api: Api, method: str, path: str, **headers: str) -> tuple[int, Any, Any]:
    async with api.client.request(method, path, headers=headers) as answer:
        body = await answer.json() if answer.content_type == "application/json" else None
        return answer.status, body, answer.headers


def vendor_of(body: Any) -> str:
    error = body["error"]
    if "status" in error:
        assert error["details"][0]["reason"]
        return "google"
    if body.get("type") == "error":
        assert error["type"].endswith("_error")
        assert body["request_id"]
        return "anthropic"
    assert {"code", "message", "type", "param", "details", "request_id"} == set(error)
    return "ours"


@pytest.mark.parametrize(("path", "headers", "vendor"), BY_VENDOR)
async def test_a_refusal_is_written_as_its_caller_reads_it(
    api: Api, path: str, headers: dict[str, str], vendor: str
) -> None:
    status, body, _ = await ask(api, "GET", path, **headers)
    if path != "/v1/nothing":
        assert status == 401
    assert vendor_of(body) == vendor
    signed = {"Authorization": f"Bearer {api.token}"}
    status, body, _ = await ask(api, "PUT", path, **headers, **signed)
    assert status in {404, 405}
    assert vendor_of(body) == vendor
    if path.endswith("/models/nothing"):
        status, body, _ = await ask(api, "GET", path, **headers, **signed)
        assert (status, vendor_of(body)) == (404, vendor)


async def test_the_vendors_sdks_read_our_refusals(api: Api) -> None:
    url = str(api.client.make_url("/")).rstrip("/")
    async with AsyncAnthropic(base_url=url, auth_token=api.token, max_retries=0) as sdk:
        with pytest.raises(anthropic.NotFoundError) as refused:
            await sdk.models.retrieve("nothing")
    body: Any = refused.value.body
    assert body["error"]["type"] == "not_found_error"
    options = genai.types.HttpOptions(base_url=url)
    async with genai.Client(api_key="AIza-nothing", http_options=options).aio as google:
        with pytest.raises(google_errors.ClientError) as unauthorized:
            await google.models.get(model="nothing")
    assert (unauthorized.value.code, unauthorized.value.status) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("route", ROUTES, ids=lambda each: f"{each.method} {each.path}")
async def test_no_answer_about_a_user_is_stored(api: Api, route: Any) -> None:
    """Neither the answer nor the refusal."""
    path = route.path.replace("{id}", "gpt-5")
    signed = {"Authorization": f"Bearer {api.token}"}
    for headers in ({}, signed):
        _, _, answered = await ask(api, route.method, path, **headers)
        assert answered["Cache-Control"] == "no-store"


async def test_public_answers_may_be_stored(api: Api) -> None:
    for path in sorted(PUBLIC):
        _, _, answered = await ask(api, "GET", path)
        assert answered["Cache-Control"].startswith("public, max-age=")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/oauth/token", {"POST", "OPTIONS"}),
        ("/oauth/revoke", {"POST", "OPTIONS"}),
        ("/oauth/userinfo", {"GET", "POST", "OPTIONS"}),
        ("/oauth/device_authorization", {"POST"}),
        ("/oauth/jwks", {"GET"}),
        ("/oauth/authorize", {"GET", "POST"}),
        ("/oauth/logout", {"GET", "POST"}),
        ("/.well-known/openid-configuration", {"GET"}),
        ("/.well-known/oauth-authorization-server", {"GET"}),
    ],
)
async def test_a_wrong_method_is_refused_as_oauth_does(
    api: Api, path: str, allow: set[str]
) -> None:
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - allow:
        status, body, headers = await ask(api, method, path)
        assert (status, set(body)) == (405, {"error", "error_description"})
        assert body["error"] == "invalid_request"
        assert set(headers["Allow"].split(", ")) == allow


@pytest.mark.parametrize(
    ("method", "path", "headers", "vendor"),
    [
        ("POST", "/v1/chat/completions/", {}, "ours"),
        ("POST", "/chat/completions", {}, "ours"),
        ("POST", "/v1/images/generations", {}, "ours"),
        ("GET", "/v1/chat/completions", {}, "ours"),
        ("POST", "/v1/v1/messages", VERSION, "anthropic"),
        ("GET", "/v1/messages/batches", VERSION, "anthropic"),
        ("GET", "/v1/files", VERSION, "anthropic"),
        ("POST", "/v1beta/models/gemini:predict", GOOGLE, "google"),
        ("POST", "/v1beta/models/gemini:unheardOf", GOOGLE, "google"),
        ("POST", "/v1/v1beta/models/gemini:generateContent", GOOGLE, "google"),
        ("POST", "/models/gemini:generateContent", GOOGLE, "google"),
        ("PUT", "/v1/credits/me", {}, "ours"),
        ("DELETE", "/v1/users/me/preferences", {}, "ours"),
        ("GET", "/nowhere/%FF", {}, "ours"),
    ],
)
async def test_a_path_that_does_not_exist_is_explained_as_in_the_other_plane(
    api: Api, method: str, path: str, headers: dict[str, str], vendor: str
) -> None:
    status, body, answered = await ask(api, method, path, **headers)
    refusal = unknown.refusal(method, path)
    assert (status, vendor_of(body)) == (refusal.status, vendor)
    assert body["error"]["message"] == refusal.message
    assert answered.get("Allow") == refusal.headers.get("Allow")


async def test_userinfo_challenges_malformed_requests_too(api: Api) -> None:
    """RFC 6750, section 3.1."""
    wrong: list[tuple[str, str, dict[str, str]]] = [
        ("GET", "/oauth/userinfo?access_token=x", {}),
        ("GET", "/oauth/userinfo", {"Authorization": "Basic eDp4"}),
        ("GET", "/oauth/userinfo", {"Authorization": "Bearer "}),
    ]
    for method, path, headers in wrong:
        status, body, answered = await ask(api, method, path, **headers)
        assert (status, body["error"]) == (400, "invalid_request")
        assert answered["WWW-Authenticate"].startswith('Bearer realm="')
        assert 'error="invalid_request"' in answered["WWW-Authenticate"]
    async with api.client.post("/oauth/userinfo", json={"access_token": "x"}) as answer:
        assert answer.status == 400
        assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]
