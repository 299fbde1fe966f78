"""A prompt as pieces in the order the vendor caches them: tools, system, messages.

Source: Anthropic API guide, https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching.
"""

import json
from dataclasses import dataclass
from typing import Any

from deploy.simulators.token_counts import IMAGE_TOKENS, PDF_TOKENS, text_tokens


@dataclass(frozen=True, slots=True)
class Piece:
    """`ttl` is set where the request marks the prompt up to here for the cache."""

    written: str
    tokens: int
    ttl: str | None


def pieces_of(body: dict[str, Any]) -> list[Piece]:
    """The whole prompt of a request that has been checked."""
    found = [_piece(tool, "tool") for tool in body.get("tools") or ()]
    found += [_piece(block, "system") for block in _blocks(body.get("system"))]
    for message in body["messages"]:
        found += [_piece(block, message["role"]) for block in _blocks(message["content"])]
    if body.get("cache_control") and found:
        last = found[-1]
        ttl = body["cache_control"].get("ttl") or "5m"
        found[-1] = Piece(last.written, last.tokens, last.ttl or ttl)
    return found


def _blocks(content: Any) -> list[dict[str, Any]]:
    if not content:
        return []
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _piece(block: dict[str, Any], owner: str) -> Piece:
    marked = block.get("cache_control")
    bare = {key: value for key, value in block.items() if key != "cache_control"}
    written = f"{owner}:{json.dumps(bare, sort_keys=True)}"
    return Piece(written, _tokens(bare), (marked.get("ttl") or "5m") if marked else None)


def _tokens(block: dict[str, Any]) -> int:
    kind = block.get("type")
    if kind == "image":
        return IMAGE_TOKENS
    if kind == "document" and (block.get("source") or {}).get("type") != "text":
        return PDF_TOKENS
    if kind == "text":
        return 4 + text_tokens(block["text"])
    return 4 + text_tokens(json.dumps(block))
