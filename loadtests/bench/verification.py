"""`python -m loadtests.bench.verification`: the cost of verifying an access token.

Microseconds per token in a replica: the first time, when its signature is verified, and later, when
it is cached. Needs no running instance.
"""

import time
from types import SimpleNamespace
from typing import Any, cast

from joserfc import jwt
from joserfc.jwk import RSAKey
from jwt import PyJWK

from inference_plane.runtime.access_tokens import TokenCache
from inference_plane.runtime.directory import Directory
from shared.auth.access_tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE
from shared.auth.principal import SCOPE_INFERENCE

TIMES = 5_000
_ISSUER = "http://localhost:3000"


def tokens(key: RSAKey, number: int) -> list[str]:
    """Tokens as the control plane signs them."""
    now = int(time.time())
    header = {"alg": ALGORITHM, "kid": "bench", "typ": TOKEN_TYPE}
    claims: dict[str, Any] = {
        "iss": _ISSUER,
        "aud": AUDIENCE,
        "sub": "9e0d7bd4-0f5b-4a0c-8ab5-5d8c8c4d8f3a",
        "sid": "0d3c6a51-1a11-4b53-8b53-0f9d6b7c0c2e",
        "client_id": "textassistant-desktop",
        "scope": f"openid email profile {SCOPE_INFERENCE} user.info",
        "iat": now,
        "exp": now + 3600,
    }
    return [jwt.encode(header, {**claims, "jti": str(each)}, key) for each in range(number)]


def measure(cache: TokenCache, given: list[str]) -> float:
    """Microseconds of CPU per token."""
    started = time.process_time()
    for token in given:
        cache.verify(token)
    return (time.process_time() - started) / len(given) * 1e6


def main() -> None:
    key = RSAKey.generate_key(2048)
    public = PyJWK({**key.as_dict(private=False), "kid": "bench", "alg": ALGORITHM}).key
    directory = cast(Directory, SimpleNamespace(keys={"bench": public}))
    cache, given = TokenCache(directory, _ISSUER), tokens(key, TIMES)
    print(f"first time   {measure(cache, given):6.1f} µs")
    print(f"cached       {measure(cache, given):6.1f} µs")


if __name__ == "__main__":
    main()
