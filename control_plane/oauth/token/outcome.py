"""What comes of a request for tokens. A refusal is a value, no exception, for what it changed
(a grant revoked for a replay) must be committed like everything else.
"""

from dataclasses import dataclass

from control_plane.identity.grants.records import Grant
from control_plane.oauth.errors import OAuthError, invalid_grant


@dataclass(frozen=True, slots=True)
class Issued:
    """Tokens for this grant; `scopes` may be fewer than the grant's."""

    grant: Grant
    scopes: tuple[str, ...]
    refresh_token: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """`reason` is for the log only. `revoked`: ids of grants that ended by it."""

    error: OAuthError
    reason: str
    revoked: tuple[str, ...] = ()


Outcome = Issued | Refused


def refuse(reason: str, *revoked: str) -> Refused:
    """invalid_grant, whatever the reason."""
    return Refused(invalid_grant(), reason, revoked)
