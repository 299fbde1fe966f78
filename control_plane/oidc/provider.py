"""What every endpoint and page of the provider works with, and its fixed lifetimes."""

from dataclasses import dataclass

from redis.asyncio import Redis

from control_plane.kit.cookies import Cookies
from control_plane.kit.database import Pool
from control_plane.kit.throttle import Throttle
from control_plane.oidc.keys import Keys

CODE_S = 60
DEVICE_CODE_S = 600
DEVICE_INTERVAL_S = 5
REFRESH_IDLE_S = 30 * 86400
GRANT_S = 365 * 86400
GRACE_S = 10
"""How long a refresh token that was just exchanged still gets the same successor."""

SESSION_IDLE_S = 14 * 86400
SESSION_S = 90 * 86400
INTERACTION_S = 3600


@dataclass(frozen=True, slots=True)
class Provider:
    """`issuer` is the public origin, byte for byte; `secret` 32 bytes, for deriving only."""

    issuer: str
    pool: Pool
    redis: Redis
    keys: Keys
    secret: bytes
    cookies: Cookies
    throttle: Throttle
