"""The code somebody reads on one device and types on another."""

import secrets


def create_user_code() -> str:
    """Eight consonants, so that it spells no word: 34 bits."""
    letters = [secrets.choice("BCDFGHJKLMNPQRSTVWXZ") for _ in range(8)]
    return "".join(letters)


def read_user_code(text: str) -> str:
    """As somebody typed it: the case, dashes and spaces do not matter."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def written(code: str) -> str:
    """As it is shown: two groups of four."""
    return f"{code[:4]}-{code[4:]}"
