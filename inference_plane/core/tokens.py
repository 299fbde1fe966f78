"""Counts tokens where no provider has: about four bytes of UTF-8 make one.

The vendors' tokenizers need files that do not ship with them, so this is an estimate, and whatever
is charged by it is flagged `estimated`. It serves for holds, for progress and for streams that end
before their usage frame.
"""

BYTES_PER_TOKEN = 4
PER_MESSAGE = 4
"""What a chat's framing costs per message, as OpenAI's cookbook counts it."""

PER_IMAGE = 1_000
"""An image's tokens depend on its size, which its URL does not tell."""


def of_bytes(count: int) -> int:
    return -(-count // BYTES_PER_TOKEN)


def of_text(text: str) -> int:
    return of_bytes(len(text) if text.isascii() else len(text.encode()))
