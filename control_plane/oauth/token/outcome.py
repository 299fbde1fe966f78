"""The outcome of a token request (RFC 6749, section 5).

A refusal is a value and not an exception, because its changes (such as a grant revoked for a
replay) must be committed.
"""

from dataclasses import dataclass

from control_plane.identity.grants.records import Grant
from control_plane.oauth.errors import OAuthError, invalid_grant


@dataclass(frozen=True, slots=True)
class Issued:
    """Issue tokens for this grant. `scopes` may be a subset of the grant's."""

    grant: Grant
    scopes: tuple[str, ...]
    refresh_token: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """`reason` is only logged. `revoked`: ids of grants that were revoked."""

    error: OAuthError
    reason: str
    revoked: tuple[str, ...] = ()


Outcome = Issued | Refused


def refuse(reason: str, *revoked: str) -> Refused:
    """Refuse with invalid_grant."""
    return Refused(invalid_grant(), reason, revoked)
