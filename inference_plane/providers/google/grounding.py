"""Counts what grounds an answer: searches on the web, and on the map.

Gemini 3 bills each search query, older models each grounded prompt: both are counted, and a model
has a fee for one of them. Source: https://ai.google.dev/gemini-api/docs/google-search, "Pricing",
and https://ai.google.dev/api/generate-content, "GroundingMetadata".
"""

from typing import Any

from inference_plane.core import events, hosted_tools, vendor_json
from inference_plane.core.events import Event


class Grounding:
    """Of one answer. A later chunk repeats what an earlier one has reported."""

    def __init__(self) -> None:
        self._queries: dict[int, int] = {}
        self._maps: set[int] = set()

    def add(self, candidate: int, metadata: Any) -> list[Event]:
        """The uses so far, if this metadata tells of any."""
        found = vendor_json.as_object(metadata)
        queries = found.get("webSearchQueries")
        chunks = vendor_json.objects_in(found.get("groundingChunks"))
        count = sum(1 for each in queries if each) if isinstance(queries, list) else 0
        if any("web" in each for each in chunks) or found.get("searchEntryPoint"):
            count = max(1, count)
        self._queries[candidate] = max(count, self._queries.get(candidate, 0))
        if any("maps" in each for each in chunks) or found.get("googleMapsWidgetContextToken"):
            self._maps.add(candidate)
        return self._served()

    def _served(self) -> list[Event]:
        queries = sum(self._queries.values())
        uses = {
            hosted_tools.WEB_SEARCH: queries,
            hosted_tools.GROUNDED_PROMPT: int(queries > 0),
            hosted_tools.MAP_SEARCH: len(self._maps),
        }
        counted = tuple((name, count) for name, count in uses.items() if count)
        return [events.Served(uses=counted)] if counted else []
