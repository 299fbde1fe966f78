"""Who is calling, as a table: each row is a request or a token and what both planes make of it.

The rows run through `shared.auth` and through the code of each plane that calls it, so that neither
can read a caller in its own way.
"""

import base64
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from control_plane.http.authentication import Authenticator
from control_plane.identity.tokens.signing_keys import Keys
from inference_plane.runtime.access_tokens import TokenCache
from inference_plane.runtime.directory import Directory
from inference_plane.runtime.incoming import Incoming
from shared.auth import access_tokens, api_keys
from shared.auth.credentials import read_credential, read_request_id
from shared.auth.principal import Principal
from shared.errors import Forbidden, ServiceUnavailable, Unauthorized

ISSUER = "http://localhost:3000"
KEY, STRANGER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
JWKS = {"keys": [{**KEY.as_dict(private=False), "kid": "k1", "alg": "RS256"}]}
HEADER = {"alg": "RS256", "typ": "at+jwt", "kid": "k1"}

Headers = dict[str, str]


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": access_tokens.AUDIENCE,
        "sub": "user",
        "client_id": "desktop",
        "scope": "llm.inference user.info",
        "sid": "grant",
        "jti": "token",
        "iat": now,
        "exp": now + 3600,
    }
    return {name: value for name, value in (claims | changes).items() if value is not None}


def _token(header: dict[str, Any] = HEADER, key: RSAKey = KEY, **changes: Any) -> str:
    return jwt.encode(header, _claims(**changes), key)


def _raw(header: bytes) -> str:
    """A token whose header is these bytes."""
    encoded = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
    return ".".join([encoded, *_token().split(".")[1:]])


# ---------------------------------------------------------------- credentials

CREDENTIALS: list[tuple[Headers, str]] = [
    ({}, ""),
    ({"authorization": "Bearer abc"}, "abc"),
    ({"authorization": "bearer abc"}, "abc"),
    ({"authorization": "BEARER   abc  "}, "abc"),
    ({"authorization": "Bearer"}, ""),
    ({"authorization": "Bearer "}, ""),
    ({"authorization": "Basic abc"}, ""),
    ({"authorization": "abc"}, ""),
    ({"x-api-key": "abc"}, "abc"),
    ({"x-goog-api-key": " abc "}, "abc"),
    ({"x-api-key": "", "x-goog-api-key": "abc"}, "abc"),
    ({"authorization": "Bearer abc", "x-api-key": "def"}, "abc"),
    ({"authorization": "Basic abc", "x-api-key": "def"}, "def"),
    ({"authorization": "Bearer ", "x-api-key": "def"}, ""),
]


@pytest.mark.parametrize(("headers", "expected"), CREDENTIALS)
def test_credentials(headers: Headers, expected: str) -> None:
    assert read_credential(headers.get) == expected
    assert read_credential(_as_asgi(headers)) == expected


REQUEST_IDS = [
    ("req_1234", True),
    ("a", True),
    ("a/b+c=d:e.f-g_h", True),
    ("x" * 128, True),
    ("x" * 129, False),
    ("", False),
    ("two words", False),
    ("line\nbreak", False),
    ("trailing\n", False),
    ("ümlaut", False),
    ("\u0661\u0662\u0663", False),
    ('quote"', False),
]


@pytest.mark.parametrize(("value", "kept"), REQUEST_IDS)
def test_request_ids(value: str, kept: bool) -> None:
    headers = {"x-request-id": value}
    request_id = read_request_id(headers.get)
    assert (request_id == value) is kept
    assert kept or request_id.startswith("req_")


def test_bytes_above_ascii_in_a_request_id_are_replaced() -> None:
    sent = [(b"x-request-id", b"caf\xe9")]
    scope = {"method": "POST", "path": "/", "query_string": b"", "headers": sent}
    assert read_request_id(Incoming.of(scope, cast(Any, None)).header).startswith("req_")


def test_a_request_without_an_id_gets_one() -> None:
    headers: Headers = {}
    assert read_request_id(headers.get) != read_request_id(headers.get)


# ---------------------------------------------------------------- access tokens

REFUSED: list[tuple[str, Callable[[], str]]] = [
    ("empty", lambda: ""),
    ("not a JWT", lambda: "abc"),
    ("two parts", lambda: "abc.def"),
    ("characters beyond base64url", lambda: "é.é.é"),
    ("padded", lambda: _token() + "=="),
    ("padded header", lambda: _token().replace(".", "=.", 1)),
    ("line break inside", lambda: _token().replace(".", "\n.", 1)),
    ("too long", lambda: _token(scope="x" * 10_000)),
    ("another key", lambda: _token(key=STRANGER)),
    ("unknown kid", lambda: _token({**HEADER, "kid": "k2"})),
    ("no kid", lambda: _token({"alg": "RS256", "typ": "at+jwt"})),
    ("kid of another type", lambda: _raw(b'{"alg":"RS256","typ":"at+jwt","kid":["k1"]}')),
    ("an ID token", lambda: _token({**HEADER, "typ": "JWT"})),
    ("no type", lambda: _token({"alg": "RS256", "kid": "k1"})),
    ("alg none", lambda: _raw(b'{"alg":"none","typ":"at+jwt","kid":"k1"}')),
    ("alg HS256", lambda: _raw(b'{"alg":"HS256","typ":"at+jwt","kid":"k1"}')),
    ("another member", lambda: _raw(json.dumps({**HEADER, "jku": "http://x"}).encode())),
    ("deep header", lambda: _raw(b'{"x":' + b"[" * 4000)),
    ("header of no object", lambda: _raw(b"[]")),
    ("header of bytes", lambda: _raw(b"\xff\xfe")),
    ("another issuer", lambda: _token(iss="http://elsewhere")),
    ("issuer with a slash", lambda: _token(iss=ISSUER + "/")),
    ("no issuer", lambda: _token(iss=None)),
    ("another audience", lambda: _token(aud="elsewhere")),
    ("no audience", lambda: _token(aud=None)),
    ("no subject", lambda: _token(sub=None)),
    ("subject of another type", lambda: _token(sub=7)),
    ("no client", lambda: _token(client_id=None)),
    ("client of another type", lambda: _token(client_id=["desktop"])),
    ("no jti", lambda: _token(jti=None)),
    ("no iat", lambda: _token(iat=None)),
    ("no exp", lambda: _token(exp=None)),
    ("scope of another type", lambda: _token(scope=["llm.inference"])),
    ("expired", lambda: _token(exp=int(time.time()) - access_tokens.LEEWAY_S - 2)),
    ("issued tomorrow", lambda: _token(iat=int(time.time()) + 86400)),
]


@pytest.mark.parametrize(("make"), [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
async def test_tokens_that_both_planes_refuse(make: Callable[[], str]) -> None:
    token = make()
    with pytest.raises(Unauthorized):
        access_tokens.verify(token, access_tokens.read_jwks(JWKS), ISSUER)
    with pytest.raises(Unauthorized):
        _inference().verify(token)
    with pytest.raises(Unauthorized):
        await _control(token)


ACCEPTED: list[tuple[str, dict[str, Any]]] = [
    ("as minted", {}),
    ("within the leeway after its end", {"exp": -30}),
    ("issued by a clock that is ahead", {"iat": 30}),
    ("without scopes", {"scope": None}),
    ("of no grant", {"sid": None}),
    ("for several audiences", {"aud": [access_tokens.AUDIENCE, "other"]}),
]


@pytest.mark.parametrize(("changes"), [row[1] for row in ACCEPTED], ids=[r[0] for r in ACCEPTED])
async def test_tokens_that_both_planes_accept_alike(changes: dict[str, Any]) -> None:
    now = int(time.time())
    times: dict[str, Any] = {
        each: now + changes[each] for each in ("exp", "iat") if each in changes
    }
    token = _token(**(changes | times))
    principal = access_tokens.verify(token, access_tokens.read_jwks(JWKS), ISSUER)
    assert principal.user_id == principal.account == "user"
    assert _inference().verify(token) == principal
    if "scope" not in changes:
        assert await _control(token) == principal


async def test_a_missing_scope_is_named() -> None:
    with pytest.raises(Forbidden) as refusal:
        await _control(_token(scope="openid"))
    assert refusal.value.details == {"required_scope": "user.info"}


def test_a_remembered_token_ends_with_its_leeway(monkeypatch: pytest.MonkeyPatch) -> None:
    cache, token, now = _inference(), _token(), time.time()
    assert cache.verify(token).user_id == "user"
    monkeypatch.setattr(time, "time", lambda: now + 3600 + access_tokens.LEEWAY_S - 5)
    assert cache.verify(token).user_id == "user"
    monkeypatch.setattr(time, "time", lambda: now + 3600 + access_tokens.LEEWAY_S + 5)
    with pytest.raises(Unauthorized, match="expired"):
        cache.verify(token)


# ---------------------------------------------------------------- API keys


class _Redis:
    """What `ApiKeys` reads of Redis: one hash."""

    def __init__(self, published: dict[str, bytes] | None) -> None:
        self.published, self.reads = published, 0

    async def hget(self, _: str, field: str) -> bytes | None:
        self.reads += 1
        if self.published is None:
            raise OSError("Redis does not answer")
        return self.published.get(field)


def _published(secret: str, expires_at_s: int = 0) -> _Redis:
    key = api_keys.ApiKey("7", "user", ("user.info",), 500, expires_at_s)
    return _Redis({api_keys.digest(secret): api_keys.encode(key)})


async def test_a_key_is_its_owner_within_its_cap_in_both_planes() -> None:
    secret = api_keys.create_secret()
    expected = Principal("user", "key:7", frozenset({"user.info"}), 0, api_key="7", cap=500)
    assert await api_keys.ApiKeys(cast(Any, _published(secret))).verify(secret) == expected
    assert await _control(secret, _published(secret)) == expected


async def test_a_key_is_read_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, now = api_keys.create_secret(), time.monotonic()
    redis = _published(secret)
    keys = api_keys.ApiKeys(cast(Any, redis))
    monkeypatch.setattr(time, "monotonic", lambda: now)
    await keys.verify(secret)
    await keys.verify(secret)
    assert redis.reads == 1
    assert redis.published is not None
    redis.published.clear()
    monkeypatch.setattr(time, "monotonic", lambda: now + api_keys.CACHE_S + 0.01)
    with pytest.raises(Unauthorized):
        await keys.verify(secret)


async def test_keys_that_open_nothing() -> None:
    secret = api_keys.create_secret()
    expired = _published(secret, expires_at_s=int(time.time()) - 1)
    with pytest.raises(Unauthorized, match="expired"):
        await api_keys.ApiKeys(cast(Any, expired)).verify(secret)
    for unknown in (api_keys.create_secret(), api_keys.PREFIX, api_keys.PREFIX + "\udc80"):
        with pytest.raises(Unauthorized):
            await api_keys.ApiKeys(cast(Any, _published(secret))).verify(unknown)


async def test_without_redis_no_key_opens_anything() -> None:
    with pytest.raises(ServiceUnavailable):
        await api_keys.ApiKeys(cast(Any, _Redis(None))).verify(api_keys.create_secret())


# ---------------------------------------------------------------- the planes' own callers


def _as_asgi(headers: Headers) -> Callable[[str], str | None]:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"method": "POST", "path": "/", "query_string": b"", "headers": sent}
    return Incoming.of(scope, cast(Any, None)).header


def _inference() -> TokenCache:
    directory = SimpleNamespace(keys=access_tokens.read_jwks(JWKS))
    return TokenCache(cast(Directory, directory), ISSUER)


async def _control(credential: str, redis: _Redis | None = None) -> Principal:
    async def load_verifiers() -> dict[str, Any]:
        return access_tokens.read_jwks(JWKS)

    keys = cast(Keys, SimpleNamespace(load_verifiers=load_verifiers))
    request = SimpleNamespace(headers={"authorization": f"Bearer {credential}"})
    authenticator = Authenticator(keys, ISSUER, cast(Any, redis or _Redis({})))
    principal = await authenticator.verify(cast(Any, request))
    principal.require("user.info")
    return principal
