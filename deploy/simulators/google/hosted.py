"""What Google bills apart, as an answer reports it: tier, modality, grounding.

Source: Gemini API reference, https://ai.google.dev/api/generate-content, "UsageMetadata" and
"GroundingMetadata"; https://ai.google.dev/gemini-api/docs/priority-inference;
https://ai.google.dev/gemini-api/docs/google-search.
"""

from collections.abc import Sequence
from typing import Any

from deploy.simulators.google.requests import Tool


def tier_of(requested: str | None, served: str) -> str:
    """The tier that serves a request for `requested`; empty for the standard one."""
    name = served or (requested or "").lower().removeprefix("service_tier_")
    return "" if name in ("unspecified", "standard") else name


def modality_of(modalities: Sequence[str] | None) -> str:
    """What the whole answer is made of, if not of text."""
    named = [each.upper() for each in modalities or ()]
    return next((each for each in named if each in ("AUDIO", "IMAGE")), "")


def grounding_of(tools: Sequence[Tool], uses: int) -> dict[str, Any]:
    """So many searches, if the request has the tool for them."""
    found: dict[str, Any] = {}
    if uses and any(tool.google_search is not None for tool in tools):
        queries = [f"query {number}" for number in range(uses)]
        web = {"uri": "https://example.com/", "title": "example.com"}
        found |= {"webSearchQueries": queries, "groundingChunks": [{"web": web}]}
    if uses and any(tool.google_maps is not None for tool in tools):
        found["googleMapsWidgetContextToken"] = "widgetcontent/simulated"
    return found
