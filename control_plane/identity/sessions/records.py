"""A browser session, as pages and the authorization endpoint see it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `methods`: how the user authenticated (RFC 8176).

    `id` is no secret, and stays the same when the user signs in again in this browser.
    """

    id: str
    user_id: str
    authenticated_at: datetime
    methods: list[str]
