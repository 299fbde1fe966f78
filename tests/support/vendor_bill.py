"""What a vendor bills for an answer, by a price list and a reading of its own.

Nothing here is shared with the product: an answer is read as the vendor's documentation says, so
that the two can disagree. Amounts are in millionths of a micro-dollar per token, so that a price
per million tokens is the price of one token here; fees are per use.
"""

import json
from dataclasses import dataclass, field
from typing import Any

Usage = dict[str, Any]
MILLION = 1_000_000


@dataclass
class Served:
    """Tokens by kind, each counted once; the tier, the region, and the uses of hosted tools."""

    tokens: dict[str, int]
    tier: str = "standard"
    region: str = ""
    uses: dict[str, int] = field(default_factory=dict)


PRICES: dict[str, dict[str, int]] = {
    "standard": {
        "text": 1_000_003,
        "read": 100_003,
        "written": 1_250_003,
        "written_1h": 2_000_003,
        "heard": 4_000_003,
        "heard_read": 500_003,
        "output": 5_000_003,
        "spoken": 20_000_003,
        "drawn": 30_000_003,
    },
}
PRICES["flex"] = {kind: price // 2 for kind, price in PRICES["standard"].items()}
PRICES["priority"] = {kind: price * 2 for kind, price in PRICES["standard"].items()}
PRICES["fast"] = {kind: price * 2 for kind, price in PRICES["standard"].items()}
FEES = {"search": 10_007, "preview": 25_007, "file": 2_503, "code": 30_011, "prompt": 35_017}
"""Per use, in the unit of 1,000,000 tokens at a price of 1."""

US_PERCENT = 110


def bill(served: Served) -> int:
    """In hundredths of a millionth of the price of a token, so that it is exact."""
    prices = PRICES[served.tier]
    tokens = sum(count * prices[kind] for kind, count in served.tokens.items())
    percent = US_PERCENT if served.region == "us" else 100
    return tokens * percent + sum(FEES[use] * n for use, n in served.uses.items()) * 100 * MILLION


def read(path: str, body: Usage, answer: str) -> Served:
    """What was served, from the frames of a stream; `body` is the request that the vendor got."""
    payloads = [
        json.loads(line[5:])
        for line in answer.splitlines()
        if line.startswith("data:") and line[5:].strip() != "[DONE]"
    ]
    if path.endswith("/chat/completions"):
        searched = "web_search_options" in body
        return _chat(payloads, searched=searched)
    if path.endswith("/responses"):
        return _response(payloads[-1]["response"])
    if path.endswith("/messages"):
        return _message(payloads)
    return _generated(payloads[-1])


def _chat(chunks: list[Usage], *, searched: bool) -> Served:
    """A model that may search in chat completions searches once for every answer."""
    usage = next(chunk["usage"] for chunk in reversed(chunks) if chunk.get("usage"))
    prompt, output = usage["prompt_tokens_details"], usage["completion_tokens_details"]
    heard, read_ = prompt["audio_tokens"], prompt["cached_tokens"]
    written = prompt.get("cache_write_tokens", 0)
    spoken = output["audio_tokens"]
    tokens = {
        "text": usage["prompt_tokens"] - heard - read_ - written,
        "heard": heard,
        "read": read_,
        "written": written,
        "output": usage["completion_tokens"] - spoken,
        "spoken": spoken,
    }
    tier = chunks[-1]["service_tier"].replace("default", "standard")
    return Served(tokens, tier, uses={"search": int(searched)})


def _response(response: Usage) -> Served:
    """Only the action `search` of a web search is billed; one container is one session."""
    usage, uses, containers = response["usage"], {"search": 0, "preview": 0, "file": 0}, set()
    preview = any(tool["type"].startswith("web_search_preview") for tool in response["tools"])
    for item in response["output"]:
        if item["type"] == "web_search_call" and item["action"]["type"] == "search":
            uses["preview" if preview else "search"] += 1
        elif item["type"] == "file_search_call":
            uses["file"] += 1
        elif item["type"] == "code_interpreter_call":
            containers.add(item["container_id"])
    prompt = usage["input_tokens_details"]
    read_, written = prompt["cached_tokens"], prompt.get("cache_write_tokens", 0)
    tokens = {
        "text": usage["input_tokens"] - read_ - written,
        "read": read_,
        "written": written,
        "output": usage["output_tokens"],
    }
    tier = response["service_tier"].replace("default", "standard")
    return Served(tokens, tier, uses=uses | {"code": len(containers)})


def _message(events: list[Usage]) -> Served:
    start = events[0]["message"]["usage"]
    last = next(event["usage"] for event in reversed(events) if event["type"] == "message_delta")
    written_1h = start["cache_creation"]["ephemeral_1h_input_tokens"]
    tokens = {
        "text": last["input_tokens"],
        "read": last["cache_read_input_tokens"],
        "written": last["cache_creation_input_tokens"] - written_1h,
        "written_1h": written_1h,
        "output": last["output_tokens"],
    }
    blocks = [event["content_block"] for event in events if event["type"] == "content_block_start"]
    code = any(block.get("name") == "bash_code_execution" for block in blocks)
    searches = last.get("server_tool_use", {}).get("web_search_requests", 0)
    tier = "fast" if start.get("speed") == "fast" else start["service_tier"]
    return Served(tokens, tier, start["inference_geo"], {"search": searches, "code": int(code)})


def _generated(chunk: Usage) -> Served:
    """This model is billed by grounded prompt."""
    usage = chunk["usageMetadata"]
    heard = _of(usage.get("promptTokensDetails"), "AUDIO")
    spoken = _of(usage.get("candidatesTokensDetails"), "AUDIO")
    drawn = _of(usage.get("candidatesTokensDetails"), "IMAGE")
    output = usage["candidatesTokenCount"] + usage.get("thoughtsTokenCount", 0)
    tokens = {
        "text": usage["promptTokenCount"] - heard - usage.get("cachedContentTokenCount", 0),
        "heard": heard,
        "read": usage.get("cachedContentTokenCount", 0),
        "output": output - spoken - drawn,
        "spoken": spoken,
        "drawn": drawn,
    }
    grounded = any("groundingMetadata" in each for each in chunk["candidates"])
    return Served(tokens, usage.get("serviceTier", "standard"), uses={"prompt": int(grounded)})


def _of(details: list[Usage] | None, modality: str) -> int:
    return sum(each["tokenCount"] for each in details or () if each["modality"] == modality)
