"""A user as the rest of the plane sees one. The password's hash never leaves the store."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class User:
    """`id` is a UUID as text and also the id of the user's credit account."""

    id: str
    email: str
    tier: str
    state: str
    is_admin: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is asked for; nothing in here has been checked yet."""

    email: str
    tier: str
    password: str | None = None
    is_admin: bool = False
