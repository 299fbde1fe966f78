"""Second factors. Secrets are sealed where a field says so."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Totp:
    """A TOTP secret (RFC 6238), sealed. `confirmed`: a first code was verified."""

    secret_sealed: bytes
    last_step: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential. `public_key` is in COSE format."""

    credential_id: bytes
    user_id: str
    name: str
    public_key: bytes
    sign_count: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """A user's second factors. `recovery_codes` counts the unused ones."""

    totp: bool
    recovery_codes: int
    passkeys: list[Passkey]

    @property
    def any(self) -> bool:
        """Whether signing in needs more than a password."""
        return self.totp or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class AuthenticatedUser:
    """A user and how they authenticated: `methods` are RFC 8176 values for the `amr` claim."""

    user_id: str
    methods: tuple[str, ...]
