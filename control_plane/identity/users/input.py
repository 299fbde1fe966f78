"""What a user may say about themselves, whether by a program or on a page."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, HttpUrl, StringConstraints, field_validator

from control_plane.identity.users.records import Change

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Username = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,38}$")]


class ProfileChange(BaseModel):
    """Only what is named changes; null takes it back."""

    model_config = ConfigDict(extra="forbid")

    first_name: Name | None = None
    last_name: Name | None = None
    username: Username | None = None
    profile_picture_url: HttpUrl | None = None

    @field_validator("first_name", "last_name")
    @classmethod
    def printable(cls, name: str | None) -> str | None:
        if name is not None and not name.isprintable():
            raise ValueError("must be printable")
        return name

    def to_change(self) -> Change:
        """For the store."""
        picture = str(self.profile_picture_url) if self.profile_picture_url else None
        names = self.username, self.first_name, self.last_name
        return Change(frozenset(self.model_fields_set), *names, picture)
