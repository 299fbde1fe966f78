"""User codes of the device flow (RFC 8628, section 6.1)."""

import secrets


def create_user_code() -> str:
    """Eight consonants, so that no words appear: 34 bits."""
    return "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8))


def normalise(text: str) -> str:
    """The code as the user typed it, without regard to case, dashes and spaces. Pure."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def format_code(code: str) -> str:
    """The code as it is displayed: two groups of four. Pure."""
    return f"{code[:4]}-{code[4:]}"
