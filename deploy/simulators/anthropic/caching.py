"""The prompt cache: a marked prefix that was sent before is read, the rest is written.

Entries live as long as the process; the vendor's expiry in minutes is not simulated. Source:
Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from deploy.simulators.anthropic.errors import invalid
from deploy.simulators.anthropic.prompt import Piece

SIZE_MAX = 2_000
MARKS_MAX = 4
TOKENS_MIN = 1024
"""Shorter prefixes are not cached, marked or not."""


@dataclass(frozen=True, slots=True)
class Cached:
    """Tokens of a prompt: all of them, those read from the cache, those written to it."""

    total: int
    read: int
    written: int
    ttl: str


@dataclass(slots=True)
class PromptCache:
    """The prefixes seen, by model and hash."""

    seen: "OrderedDict[str, None]" = field(default_factory=OrderedDict)

    def look_up(self, model: str, pieces: list[Piece]) -> Cached:
        """Tokens of this prompt that are read and written; stores its marked prefixes."""
        marked = [number for number, piece in enumerate(pieces) if piece.ttl]
        if len(marked) > MARKS_MAX:
            message = f"A maximum of {MARKS_MAX} blocks with cache_control may be provided. Found "
            raise invalid(f"{message}{len(marked)}.")
        total = sum(piece.tokens for piece in pieces)
        if not marked:
            return Cached(total, 0, 0, "5m")
        prefixes = _prefixes(model, pieces[: marked[-1] + 1])
        known = [tokens for digest, tokens in prefixes if digest in self.seen]
        read, size = max(known, default=0), prefixes[-1][1]
        written = size - read if size >= TOKENS_MIN else 0
        for number in marked:
            digest, tokens = prefixes[number]
            if tokens >= TOKENS_MIN:
                self._remember(digest)
        return Cached(total, read, written, pieces[marked[-1]].ttl or "5m")

    def _remember(self, digest: str) -> None:
        self.seen[digest] = None
        self.seen.move_to_end(digest)
        if len(self.seen) > SIZE_MAX:
            self.seen.popitem(last=False)


def _prefixes(model: str, pieces: list[Piece]) -> list[tuple[str, int]]:
    """The hash and the tokens of the prompt up to each piece."""
    running, tokens, found = hashlib.sha256(model.encode()), 0, []
    for piece in pieces:
        running.update(piece.written.encode())
        tokens += piece.tokens
        found.append((running.hexdigest(), tokens))
    return found
