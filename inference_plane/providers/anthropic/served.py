"""What the usage of a message says: its tokens, and how and with which tools it was served.

Anthropic's input count excludes cached tokens, as ours does. What a compaction used is in an entry
of its own, not in the totals. Source: Anthropic API reference,
https://docs.anthropic.com/en/api/messages, "Usage"; guide
https://platform.claude.com/docs/en/build-with-claude/compaction, "Usage".
"""

from collections.abc import Mapping
from typing import Any

from inference_plane.core import events, hosted_tools, usage, vendor_json
from inference_plane.core.events import Event
from inference_plane.core.served import USES_MAX

FAST = "fast"
_CODE = frozenset({"code_execution", "bash_code_execution", "text_editor_code_execution"})
_COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
)


def counts_of(figures: usage.Figures) -> events.Used:
    """The counts of tokens, whose parts are known from the start of a message."""
    own = {name: figures.get(name) for name in _COUNTS}
    extra = [each for each in _entries(figures) if each.get("type") == "compaction"]
    of_each = {name: (own[name], *(each.get(name) for each in extra)) for name in _COUNTS}
    reported = usage.Reported(
        prompt=of_each["input_tokens"],
        output=of_each["output_tokens"],
        cache_read=_sum(of_each["cache_read_input_tokens"]),
        cache_write=_sum(of_each["cache_creation_input_tokens"]),
        includes_cached=False,
        parts=_parts([figures, *extra]),
    )
    return usage.read(reported)


def _entries(figures: usage.Figures) -> list[usage.Figures]:
    return vendor_json.objects_in(figures.get("iterations"))


def _sum(values: tuple[Any, ...]) -> Any:
    """A single value as it came, so that an odd one is noticed as odd."""
    if len(values) == 1:
        return values[0]
    return sum(each for each in values if type(each) is int)


def _parts(all_figures: list[usage.Figures]) -> usage.Figures:
    written = 0
    for figures in all_figures:
        creation = vendor_json.as_object(figures.get("cache_creation"))
        count = creation.get("ephemeral_1h_input_tokens")
        written += count if type(count) is int else 0
    return {"cache_write_1h": written} if written else {}


class ToolUses:
    """Counts the uses of server tools while they happen; the vendor's own count replaces it.

    Code runs in one container for an answer. Searches that fail are not billed.
    """

    def __init__(self, *, runs_code: bool) -> None:
        self._runs_code = runs_code
        self._uses: dict[str, int] = {}

    def began(self, name: str) -> list[Event]:
        """A block of a server tool began."""
        if name == hosted_tools.WEB_SEARCH:
            self._uses[name] = self._uses.get(name, 0) + 1
        elif name in _CODE and self._runs_code:
            self._uses[hosted_tools.CODE_EXECUTION] = 1
        else:
            return []
        return [events.Served(uses=tuple(self._uses.items()))]

    def counted(self, figures: usage.Figures) -> tuple[tuple[str, int], ...]:
        """The uses, with the vendor's count of searches where it gives one."""
        own = vendor_json.as_object(figures.get("server_tool_use")).get("web_search_requests")
        if (
            type(own) is int
            and 0 <= own <= USES_MAX
            and (own or hosted_tools.WEB_SEARCH in self._uses)
        ):
            self._uses[hosted_tools.WEB_SEARCH] = own
        return tuple(self._uses.items())


def of_usage(figures: usage.Figures, tools: ToolUses) -> list[Event]:
    """How it was served, as far as this usage says; nothing where it says nothing."""
    tier = vendor_json.as_text(figures.get("service_tier"))
    if figures.get("speed") == FAST:
        tier = FAST
    region = vendor_json.as_text(figures.get("inference_geo"))
    event = events.Served(tier, region, tools.counted(figures))
    return [event] if event != events.Served() else []


def runs_code(fields: Mapping[str, Any]) -> bool:
    """Whether the request has the tool whose containers are billed."""
    tools = hosted_tools.tools_of_anthropic(fields)
    return any(hosted_tools.use_of_anthropic(t) == hosted_tools.CODE_EXECUTION for _, t in tools)
