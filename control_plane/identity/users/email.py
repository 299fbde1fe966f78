"""One normal form of e-mail addresses, for storing, looking up and limiting.

email-validator checks the syntax (RFC 5321, 5322, 6531; IDNA 2008 for domains) without looking
anything up. It refuses quoted local parts, comments, display names, address lists, IP literals,
control, zero-width and bidirectional characters, and domains that cannot receive mail.
"""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from shared.errors import ValidationFailed


def normalise(address: str) -> str:
    """Trimmed, NFKC, lower case, the domain in Unicode. Raises ValidationFailed. Pure.

    Normalising the result again does not change it.
    """
    clean = unicodedata.normalize("NFKC", address).strip().lower()
    try:
        valid = validate_email(
            unicodedata.normalize("NFKC", clean), check_deliverability=False, strict=True
        )
    except (EmailNotValidError, ValueError) as error:
        raise _invalid() from error
    return valid.normalized


def find_normal_form(address: str) -> str | None:
    """Like `normalise`; None for an invalid address. Pure."""
    try:
        return normalise(address)
    except ValidationFailed:
        return None


def _invalid() -> ValidationFailed:
    return ValidationFailed(
        "This is not a valid e-mail address.",
        param="email",
        details={"fields": [{"field": "email", "message": "must be a valid e-mail address"}]},
    )
