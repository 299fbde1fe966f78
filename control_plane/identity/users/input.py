"""Validation of profile changes, for the API and the profile page."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, HttpUrl, StringConstraints, field_validator

from control_plane.identity.users.records import ProfileUpdate

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,38}$")]


class ProfileInput(BaseModel):
    """Only the fields that are present change; null clears a field."""

    model_config = ConfigDict(extra="forbid")

    first_name: Name | None = None
    last_name: Name | None = None
    username: Username | None = None
    profile_picture_url: HttpUrl | None = None

    @field_validator("first_name", "last_name")
    @classmethod
    def printable(cls, name: str | None) -> str | None:
        """The name. Raises ValueError for one with unprintable characters."""
        if name is not None and not name.isprintable():
            raise ValueError("must be printable")
        return name

    def to_update(self) -> ProfileUpdate:
        """The update for `users.service.change_profile`."""
        picture = str(self.profile_picture_url) if self.profile_picture_url else None
        return ProfileUpdate(
            fields=frozenset(self.model_fields_set),
            username=self.username,
            first_name=self.first_name,
            last_name=self.last_name,
            profile_picture_url=picture,
        )
