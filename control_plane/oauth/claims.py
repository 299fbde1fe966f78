"""User claims by scope and by the `claims` parameter (OpenID Connect Core, sections 5.4, 5.5)."""

from collections.abc import Sequence
from typing import Any

from control_plane.identity.users.records import Profile

BY_SCOPE = {
    "email": ("email", "email_verified"),
    "profile": ("name", "given_name", "family_name", "preferred_username", "picture", "updated_at"),
}
SUPPORTED = ("sub", *BY_SCOPE["email"], *BY_SCOPE["profile"])
_PARTS = ("userinfo", "id_token")


def by_scopes(profile: Profile, scopes: Sequence[str]) -> dict[str, Any]:
    """Claims of these scopes; claims without a value are omitted."""
    names = {name for scope in scopes for name in BY_SCOPE.get(scope, ())}
    return _pick(profile, names)


def by_request(profile: Profile, claims: dict[str, Any], part: str) -> dict[str, Any]:
    """Claims that the parameter requests for `part`: `userinfo` or `id_token`."""
    return _pick(profile, set(claims.get(part) or {}))


def is_request(value: Any) -> bool:
    """Whether it is a valid `claims` parameter: per part, claim names to null or an object."""
    if not isinstance(value, dict):
        return False
    parts = [value.get(part) or {} for part in _PARTS]
    return all(isinstance(part, dict) for part in parts) and all(
        each is None or isinstance(each, dict) for part in parts for each in part.values()
    )


def _pick(profile: Profile, names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in _all(profile).items() if name in names}


def _all(profile: Profile) -> dict[str, Any]:
    name = " ".join(part for part in (profile.first_name, profile.last_name) if part)
    values = {
        "email": profile.email,
        "email_verified": profile.email_verified,
        "name": name or profile.username,
        "given_name": profile.first_name,
        "family_name": profile.last_name,
        "preferred_username": profile.username,
        "picture": profile.profile_picture_url,
        "updated_at": int(profile.updated_at.timestamp()),
    }
    return {name: value for name, value in values.items() if value is not None}
