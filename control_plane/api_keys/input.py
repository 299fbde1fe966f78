"""Validation of new API keys, for the API and the account page."""

from collections.abc import Set
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from control_plane.api_keys.records import NewApiKey
from control_plane.kit import clock
from shared.auth.principal import SCOPE_CREDITS, SCOPE_INFERENCE, SCOPE_MODELS
from shared.credits import BALANCE_MICRO_MAX, MICRO
from shared.errors import ValidationFailed

SCOPES = (SCOPE_INFERENCE, SCOPE_MODELS, SCOPE_CREDITS)
"""The scopes a key may have. Keys can spend and read, but not change the account."""


class ApiKeyInput(BaseModel):
    """`credit_cap` is in whole credits; None is no cap."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: list[str] = Field(default=[SCOPE_INFERENCE, SCOPE_MODELS], min_length=1)
    credit_cap: int | None = Field(None, gt=0, le=BALANCE_MICRO_MAX // MICRO)
    expires_at: AwareDatetime | None = None

    @field_validator("scopes")
    @classmethod
    def known(cls, scopes: list[str]) -> list[str]:
        """The scopes in order, each once. Raises ValueError for an unknown one."""
        unknown = [scope for scope in scopes if scope not in SCOPES]
        if unknown:
            raise ValueError(f"must be one of {', '.join(SCOPES)}")
        return sorted(set(scopes))

    @field_validator("expires_at")
    @classmethod
    def in_future(cls, moment: datetime | None) -> datetime | None:
        """The moment. Raises ValueError for one that has passed."""
        if moment is not None and moment <= clock.now():
            raise ValueError("must be in the future")
        return moment

    def within(self, allowed: Set[str]) -> "ApiKeyInput":
        """The same key, if its maker has all of its scopes; the default is cut to them.

        Raises ValidationFailed.
        """
        scopes = self.scopes
        if "scopes" not in self.model_fields_set:
            scopes = [scope for scope in scopes if scope in allowed]
        if not scopes or not set(scopes) <= allowed:
            own = [scope for scope in SCOPES if scope in allowed]
            message = f"must be within the scopes of your access token: {', '.join(own) or 'none'}"
            raise ValidationFailed(
                param="scopes", details={"fields": [{"field": "scopes", "message": message}]}
            )
        return self.model_copy(update={"scopes": scopes})

    def to_new(self, grant_id: str | None = None) -> NewApiKey:
        """The key to create, in micro-credits. `grant_id`: what it ends with, if anything."""
        cap = None if self.credit_cap is None else self.credit_cap * MICRO
        return NewApiKey(self.name, self.scopes, cap, self.expires_at, grant_id)
