"""Options of a request that cost more than its plain tokens do.

Each surface finds them in a body of its own dialect, under the caller's own names; here are their
meaning and what needs a price for each.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from inference_plane.core.prices import STANDARD, Prices
from inference_plane.core.prompt import Media, Prompt, ToolResult
from shared.credits import PARTS

Kind = Literal["tier", "use", "tokens", "region", "other"]
USES_MAX = 10
"""No hold covers more uses of one tool than this, whatever limit was requested."""


@dataclass(frozen=True, slots=True)
class Option:
    """`field` is the caller's path to it. One of `names` must have a price: a service tier, the use
    of a hosted tool, a kind of token, or a region; nothing prices an `other`. `most` is the limit
    of uses that the caller set, if any.
    """

    kind: Kind
    names: tuple[str, ...]
    field: str
    most: int = 1

    @property
    def hold_uses(self) -> int:
        """How many uses the hold covers."""
        return max(1, min(self.most, USES_MAX))


def first_unpriced(options: Iterable[Option], prices: Prices) -> Option | None:
    """The first option that this model has no price for."""
    return next((each for each in options if not _is_priced(each, prices)), None)


def _is_priced(option: Option, prices: Prices) -> bool:
    match option.kind:
        case "tier":
            return any(name in prices.tiers for name in option.names)
        case "use":
            return any(name in prices.fees for name in option.names)
        case "region":
            return any(name in prices.factors for name in option.names)
        case "tokens":
            return any(name in PARTS and prices.prices_part(name) for name in option.names)
    return False


def tier_of(value: object, field: str, free: Sequence[str]) -> Iterator[Option]:
    """The option of a field that names a service tier. `free` are words for the standard one."""
    if value is None:
        return
    name = value.strip().lower() if isinstance(value, str) else ""
    if name not in (*free, STANDARD):
        yield Option("tier", (name,), field)


def of_prompt(prompt: Prompt, field: str) -> list[Option]:
    """The options of a request that is translated, whoever it is for: audio.

    Everything else that costs more belongs to one vendor, and is not translated. `field` is where
    the caller's surface has its messages.
    """
    heard = any(isinstance(part, Media) and _is_heard(part) for part in _parts(prompt))
    return [Option("tokens", ("audio_input",), field)] * heard


def of_caches(prompt: Prompt, field: str) -> list[Option]:
    """What a translated request asks to be cached for longer than is usual."""
    kinds = {cache_kind(getattr(part, "cache", None)) for part in _parts(prompt)} - {""}
    return [Option("tokens", (kind,), field) for kind in sorted(kinds)]


def _parts(prompt: Prompt) -> list[Any]:
    parts: list[Any] = [*prompt.system, *prompt.tools]
    parts += [part for turn in prompt.turns for part in turn.parts]
    return parts + [each for part in parts if isinstance(part, ToolResult) for each in part.content]


def _is_heard(media: Media) -> bool:
    """A film has a sound track."""
    return media.kind == "audio" or is_heard(media.media_type)


def is_heard(media_type: object) -> bool:
    """Whether this media type has sound; one that is not known may have."""
    if not isinstance(media_type, str):
        return True
    return media_type.strip().lower().startswith(("audio/", "video/"))


def cache_kind(control: object) -> str:
    """The kind of token that Anthropic's `cache_control` writes, empty for the usual one.

    Source: https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching, "1-hour cache".
    """
    ttl = control.get("ttl") if isinstance(control, dict) else None
    return "" if ttl in (None, "5m") else f"cache_write_{ttl}"
