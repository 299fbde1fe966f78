"""Estimates tokens where no provider has counted them: four bytes of UTF-8 are one.

The vendors' tokenizers need files that they download, so this is an estimate, and a charge based on
it is marked `estimated`. It is used for holds, for progress, and for streams that end before their
usage frame.
"""

BYTES_PER_TOKEN = 4
PER_MESSAGE = 4
"""The overhead per message, from OpenAI's cookbook, "How to count tokens with tiktoken"."""

PER_IMAGE = 1_000
"""An image's tokens depend on its size, which a URL does not reveal."""


def of_bytes(count: int) -> int:
    return -(-count // BYTES_PER_TOKEN)


def of_text(text: str) -> int:
    return of_bytes(len(text) if text.isascii() else len(text.encode()))
