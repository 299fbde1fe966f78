"""User records. Password hashes are not part of them."""

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
    """A user's profile."""

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
    """A user to create, not validated yet. `password` None: the user cannot sign in by password."""

    email: str
    tier: str
    password: str | None = None
    is_admin: bool = False
    email_verified: bool = True


@dataclass(frozen=True, slots=True)
class ProfileUpdate:
    """New values of a profile; only the fields named in `fields` change."""

    fields: frozenset[str]
    username: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    profile_picture_url: str | None = None
