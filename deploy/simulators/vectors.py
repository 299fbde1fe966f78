"""Deterministic embeddings: a unit vector for each text.

Source: OpenAI API guide, https://platform.openai.com/docs/guides/embeddings.
"""

import hashlib
import math
import struct


def vector(text: str, dimensions: int) -> list[float]:
    """A unit vector that depends only on the text."""
    blocks = (
        hashlib.sha256(f"{number}:{text}".encode()).digest()
        for number in range(dimensions // 8 + 1)
    )
    numbers = struct.unpack(f"<{dimensions}i", b"".join(blocks)[: dimensions * 4])
    length = math.hypot(*numbers)
    return [number / length for number in numbers]
