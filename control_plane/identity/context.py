"""What every endpoint and page of the provider works with, and its fixed lifetimes."""

from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.identity.throttle import Throttle
from control_plane.identity.tokens.signing_keys import Keys
from control_plane.kit.cookies import Cookies
from control_plane.kit.database import Pool


@dataclass(frozen=True, slots=True)
class IdentityContext:
    """`issuer` is the public origin, byte for byte; `secret` 32 bytes, for deriving only."""

    issuer: str
    pool: Pool
    redis: Redis
    keys: Keys
    secret: bytes
    cookies: Cookies
    throttle: Throttle
