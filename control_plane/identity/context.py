"""The services that all sign-in code shares: built once per process and passed down."""

from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.identity.throttle import Throttle
from control_plane.identity.tokens.signing_keys import Keys
from control_plane.kit.cookies import Cookies
from control_plane.kit.database import Pool
from shared.links import Links


@dataclass(frozen=True, slots=True)
class IdentityContext:
    """`issuer` is the exact public origin. `secret` is 32 bytes, used only to derive keys."""

    issuer: str
    pool: Pool
    redis: Redis
    keys: Keys
    secret: bytes
    cookies: Cookies
    throttle: Throttle

    @property
    def links(self) -> Links:
        return Links(self.issuer)
