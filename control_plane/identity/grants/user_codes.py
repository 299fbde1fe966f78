"""User codes of the device flow (RFC 8628, section 6.1)."""

import secrets


def create_user_code() -> str:
    """Eight consonants, so that no words appear: 34 bits."""
    emails = [secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8)]
    return "".join(emails)


def normalise(text: str) -> str:
    """The code as the user typed it, without regard to case, dashes and spaces. Pure."""
    return "".join(email_message for email_message in text.upper() if email_message.isalnum())


def format_code(code: str) -> str:
    """The code as it is displayed: two groups of four. Pure."""
    return f"{code[:4]}-{code[4:]}"
