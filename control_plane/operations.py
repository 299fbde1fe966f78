"""What an operator does from the command line, each as one call that opens and closes its own
connections. Bad input raises a `shared.errors.Refusal` whose message may be printed as it is.
"""

from collections.abc import Sequence

from control_plane.credits.report import AuditReport
from control_plane.settings import Settings
from control_plane.users.records import User


async def migrate(settings: Settings) -> None:
    """Bring the database's schema up to date. Running it again changes nothing."""
    raise NotImplementedError


async def migration_pending(settings: Settings) -> bool:
    """True while the database lacks a migration this version wants."""
    raise NotImplementedError


async def seed(settings: Settings, demo: bool = False) -> None:
    """Put the first client, tiers, plans and models in place, and the demo users if asked."""
    raise NotImplementedError


async def create_user(
    settings: Settings,
    email: str,
    tier: str = "free",
    credits: int | None = None,  # noqa: A002 - the word of the domain
    password: str | None = None,
) -> User:
    """A new user with `credits` whole credits, or with the plan's allotment when None.

    Raises Conflict (the address is taken) or ValidationFailed (address, tier, credits, password).
    """
    raise NotImplementedError


async def grant_credits(settings: Settings, email: str, credits: int) -> None:  # noqa: A002
    """Add whole credits that never expire. Raises NotFound or ValidationFailed."""
    raise NotImplementedError


async def issue_token(settings: Settings, email: str, scopes: Sequence[str] | None = None) -> str:
    """An access token as the desktop client would get it; None: with all that client's scopes.

    Raises NotFound (no such user) or ValidationFailed (a scope the client may not have).
    """
    raise NotImplementedError


async def audit(settings: Settings) -> AuditReport:
    """Prove every account against the reconciliation equation; the run is recorded."""
    raise NotImplementedError
