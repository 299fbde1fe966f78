"""Account activity in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime

from control_plane.kit import queries
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import Connection, Pool

_SQL = queries.load("control_plane.activity")

SIGNED_IN = "signed_in"
SIGN_IN_FAILED = "sign_in_failed"
CONSENTED = "consented"
CODE_REPLAYED = "code_replayed"
REFRESH_REPLAYED = "refresh_token_replayed"
SIGNED_OUT = "signed_out"
PASSWORD_CHANGED = "password_changed"  # noqa: S105 - an event's name
EMAIL_CHANGED = "email_changed"
EMAIL_REVERTED = "email_reverted"
ACCOUNT_DELETED = "account_deleted"
FACTOR_ADDED = "second_factor_added"
FACTOR_REMOVED = "second_factor_removed"
RECOVERY_CODE_USED = "recovery_code_used"
RECOVERY_CODES_CREATED = "recovery_codes_created"


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    """`kind` is one of this module's constants. `client_id` is set where a client took part."""

    kind: str
    client_id: str | None
    ip: str
    user_agent: str
    occurred_at: datetime


async def record(
    source: Connection | Pool,
    user_id: str,
    kind: str,
    client_info: ClientInfo,
    client_id: str | None = None,
) -> None:
    """Add an event to the user's activity."""
    await source.execute(
        _SQL["record"], user_id, kind, client_id, client_info.ip, client_info.user_agent
    )


async def list_events(source: Connection | Pool, user_id: str) -> list[ActivityEvent]:
    """The last 50, newest first."""
    return [ActivityEvent(**row) for row in await source.fetch(_SQL["list_events"], user_id)]
