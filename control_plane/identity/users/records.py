"""A user as the rest of the plane sees one. The password's hash never leaves this package."""

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
class Profile:
    """Everything a user has told us, or we tell of a user."""

    id: str
    email: str
    email_verified: bool
    username: str | None
    first_name: str | None
    last_name: str | None
    profile_picture_url: str | None
    state: str
    created_at: datetime
    updated_at: datetime
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewUser:
    """What is asked for; nothing in here has been checked yet."""

    email: str
    tier: str
    password: str | None = None
    is_admin: bool = False
    email_verified: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """New values of a profile; a field that is not in `fields` stays as it is."""

    fields: frozenset[str]
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    profile_picture_url: str | None = None
