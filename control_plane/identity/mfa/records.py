"""Second factors, as frozen data. No secret is in any of these but where it says so."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Totp:
    """The secret an app and we share, sealed; `confirmed`: a code of it was seen."""

    secret_sealed: bytes
    last_step: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Passkey:
    """A credential of WebAuthn: `public_key` is COSE."""

    credential_id: bytes
    user_id: str
    name: str
    public_key: bytes
    sign_count: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has. Without any, the password is enough."""

    totp: bool
    recovery_codes: int
    passkeys: list[Passkey]

    @property
    def any(self) -> bool:
        return self.totp or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class Proof:
    """Who proved to be whom, and how: values of RFC 8176, for `amr`."""

    user_id: str
    methods: tuple[str, ...]
