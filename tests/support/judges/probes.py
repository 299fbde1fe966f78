"""How each parameter is written on each surface, and where it must arrive at each provider."""

from typing import Any

from google.genai import types

from tests.support.judges.content_probes import CONTENT_PROBES
from tests.support.judges.probe import Fields, Probe
from tests.support.judges.received import OfferedTool

TOOL = OfferedTool("look", {"type": "object", "properties": {"a": {"type": "integer"}}})
_ANY, _NONE = types.FunctionCallingConfigMode.ANY, types.FunctionCallingConfigMode.NONE
_AUTO = types.FunctionCallingConfigMode.AUTO


def _calling(mode: Any, *names: str) -> Fields:
    config = types.FunctionCallingConfig(mode=mode, allowed_function_names=list(names) or None)
    return {"tool_config": types.ToolConfig(function_calling_config=config)}


def _same(name: str, value: Any, *, google: str = "") -> Probe:
    """A number that has the same name on every surface."""
    surfaces = ("chat", "completions", "responses", "messages", "generate")
    camel = f"generationConfig.{google or name}"
    sends: dict[str, Fields] = {each: {name: value} for each in surfaces}
    sends["messages"] = {"extra_body": {name: value}}  # its newest SDK has dropped them
    return Probe(
        send=sends,
        arrives={
            "chat": (name, value),
            "responses": (name, value),
            "messages": (name, value),
            "generate": (camel, value),
        },
    )


def _output(role: str) -> list[Any]:
    return [{"role": role, "content": "be brief"}, {"role": "user", "content": "hi"}]


_CHOICES = {
    "tool-auto": ("auto", {"type": "auto"}, _calling(_AUTO), ("auto", "auto", "AUTO")),
    "tool-none": ("none", {"type": "none"}, _calling(_NONE), ("none", "none", "NONE")),
    "tool-required": ("required", {"type": "any"}, _calling(_ANY), ("required", "any", "ANY")),
}
_NAMED = {"type": "function", "function": {"name": "look"}}


def _choice(feature: str) -> Probe:
    word, messages, google, (chat, anthropic, gemini) = _CHOICES[feature]
    return Probe(
        send={
            "chat": {"tool_choice": word},
            "responses": {"tool_choice": word},
            "messages": {"tool_choice": messages},
            "generate": google,
        },
        arrives={
            "chat": ("tool_choice", chat),
            "responses": ("tool_choice", chat),
            "messages": ("tool_choice.type", anthropic),
            "generate": ("toolConfig.functionCallingConfig.mode", gemini),
        },
        tools=True,
    )


_TIMES = ("generationConfig.stopSequences", ["END", "FIN"])
PROBES: dict[str, Probe] = {
    **CONTENT_PROBES,
    **{feature: _choice(feature) for feature in _CHOICES},
    "system": Probe(
        send={
            "responses": {"instructions": "be brief"},
            "messages": {"system": "be brief"},
            "generate": {"system_instruction": "be brief"},
        },
        turns={"chat": _output("system")},
        arrives={
            "chat": ("messages.0", {"role": "system", "content": "be brief"}),
            "responses": ("instructions", "be brief"),
            "messages": ("system|system.0.text", "be brief"),
            "generate": ("systemInstruction.parts.0.text", "be brief"),
        },
    ),
    "developer": Probe(
        turns={"chat": _output("developer"), "responses": _output("developer")},
        arrives={
            "chat": ("messages.0.content", "be brief"),
            "responses": ("input.0.content", "be brief"),
            "messages": ("system.0.text", "be brief"),
            "generate": ("systemInstruction.parts.0.text", "be brief"),
        },
    ),
    "max_tokens": Probe(
        send={
            "chat": {"max_tokens": 77},
            "completions": {"max_tokens": 77},
            "responses": {"max_output_tokens": 77},
            "messages": {"max_tokens": 77},
            "generate": {"max_output_tokens": 77},
        },
        arrives={
            "chat": ("max_tokens|max_completion_tokens", 77),
            "responses": ("max_output_tokens", 77),
            "messages": ("max_tokens", 77),
            "generate": ("generationConfig.maxOutputTokens", 77),
        },
    ),
    "max_completion_tokens": Probe(
        send={"chat": {"max_completion_tokens": 77}},
        arrives={
            "chat": ("max_completion_tokens", 77),
            "messages": ("max_tokens", 77),
            "generate": ("generationConfig.maxOutputTokens", 77),
        },
    ),
    "temperature": _same("temperature", 0.25),
    "hot-temperature": _same("temperature", 1.5),
    "top_p": _same("top_p", 0.5, google="topP"),
    "top_k": Probe(
        send={
            "chat": {"extra_body": {"top_k": 7}},
            "messages": {"extra_body": {"top_k": 7}},
            "generate": {"top_k": 7},
        },
        arrives={"messages": ("top_k", 7), "generate": ("generationConfig.topK", 7)},
    ),
    "stop": Probe(
        send={
            "chat": {"stop": ["END", "FIN"]},
            "completions": {"stop": ["END", "FIN"]},
            "messages": {"stop_sequences": ["END", "FIN"]},
            "generate": {"stop_sequences": ["END", "FIN"]},
        },
        arrives={
            "chat": ("stop", ["END", "FIN"]),
            "messages": ("stop_sequences", ["END", "FIN"]),
            "generate": _TIMES,
        },
    ),
    "stop-text": Probe(
        send={"chat": {"stop": "END"}, "completions": {"stop": "END"}},
        arrives={
            "chat": ("stop|stop.0", "END"),
            "messages": ("stop_sequences", ["END"]),
            "generate": ("generationConfig.stopSequences", ["END"]),
        },
    ),
    "seed": _same("seed", 5),
    "presence_penalty": _same("presence_penalty", 0.5, google="presencePenalty"),
    "frequency_penalty": _same("frequency_penalty", 0.5, google="frequencyPenalty"),
    "n": Probe(
        send={"chat": {"n": 2}, "completions": {"n": 2}, "generate": {"candidate_count": 2}},
        arrives={"chat": ("n", 2), "generate": ("generationConfig.candidateCount", 2)},
    ),
    "logprobs": Probe(
        send={
            "chat": {"logprobs": True},
            "completions": {"logprobs": 1},
            "generate": {"response_logprobs": True},
        },
        arrives={
            "chat": ("logprobs", True),
            "generate": ("generationConfig.responseLogprobs", True),
        },
    ),
    "top_logprobs": Probe(
        send={"chat": {"logprobs": True, "top_logprobs": 2}, "responses": {"top_logprobs": 2}},
        arrives={"chat": ("top_logprobs", 2), "responses": ("top_logprobs", 2)},
    ),
    "logit_bias": Probe(
        send={"chat": {"logit_bias": {"50256": -100}}, "completions": {"logit_bias": {"50256": 1}}},
        arrives={"chat": ("logit_bias", {"50256": -100})},
    ),
    "best_of": Probe(send={"completions": {"best_of": 2}}),
    "suffix": Probe(send={"completions": {"suffix": "the end"}}),
    "several-prompts": Probe(send={"completions": {"prompt": ["one", "two"]}}),
    "user": Probe(
        send={
            "chat": {"user": "u-1"},
            "completions": {"user": "u-1"},
            "responses": {"user": "u-1"},
            "messages": {"metadata": {"user_id": "u-1"}},
        },
        arrives={
            "chat": ("user", "u-1"),
            "responses": ("user", "u-1"),
            "messages": ("metadata.user_id", "u-1"),
        },
    ),
    "json-mode": Probe(
        send={
            "chat": {"response_format": {"type": "json_object"}},
            "responses": {"text": {"format": {"type": "json_object"}}},
            "generate": {"response_mime_type": "application/json"},
        },
        turns={
            "chat": [{"role": "user", "content": "in JSON"}],
            "responses": [{"role": "user", "content": "in JSON"}],
            "generate": [types.Content(role="user", parts=[types.Part(text="in JSON")])],
        },
        arrives={
            "chat": ("response_format.type", "json_object"),
            "responses": ("text.format.type", "json_object"),
            "messages": ("tool_choice.name", "json"),
            "generate": ("generationConfig.responseMimeType", "application/json"),
        },
    ),
    "tool-named": Probe(
        send={
            "chat": {"tool_choice": _NAMED},
            "responses": {"tool_choice": {"type": "function", "name": "look"}},
            "messages": {"tool_choice": {"type": "tool", "name": "look"}},
            "generate": _calling(_ANY, "look"),
        },
        arrives={
            "chat": ("tool_choice", _NAMED),
            "responses": ("tool_choice.name", "look"),
            "messages": ("tool_choice.name", "look"),
            "generate": ("toolConfig.functionCallingConfig.allowedFunctionNames", ["look"]),
        },
        tools=True,
    ),
    "one-tool-at-a-time": Probe(
        send={
            "chat": {"parallel_tool_calls": False},
            "responses": {"parallel_tool_calls": False},
            "messages": {"tool_choice": {"type": "auto", "disable_parallel_tool_use": True}},
        },
        arrives={
            "chat": ("parallel_tool_calls", False),
            "responses": ("parallel_tool_calls", False),
            "messages": ("tool_choice.disable_parallel_tool_use", True),
        },
        tools=True,
    ),
    "effort": Probe(
        send={
            "chat": {"reasoning_effort": "low", "max_completion_tokens": 3_000},
            "responses": {"reasoning": {"effort": "low"}, "max_output_tokens": 3_000},
            "messages": {
                "thinking": {"type": "enabled", "budget_tokens": 1_024},
                "max_tokens": 3_000,
            },
            "generate": {
                "thinking_config": types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW),
                "max_output_tokens": 3_000,
            },
        },
        arrives={
            "chat": ("reasoning_effort", "low"),
            "responses": ("reasoning.effort", "low"),
            "messages": ("thinking", {"type": "enabled", "budget_tokens": 1_024}),
            "generate": ("generationConfig.thinkingConfig.thinkingLevel", "LOW"),
        },
    ),
    "no-effort": Probe(
        send={
            "chat": {"reasoning_effort": "none"},
            "messages": {"thinking": {"type": "disabled"}},
            "generate": {"thinking_config": types.ThinkingConfig(thinking_budget=0)},
        },
        arrives={
            "chat": ("reasoning_effort", "none"),
            "messages": ("thinking.type", "disabled"),
            "generate": ("generationConfig.thinkingConfig.thinkingBudget", 0),
        },
    ),
    "modalities": Probe(
        send={
            "chat": {"modalities": ["text"]},
            "generate": {"response_modalities": ["TEXT"]},
        },
    ),
    "audio-out": Probe(
        send={
            "chat": {
                "modalities": ["text", "audio"],
                "audio": {"voice": "alloy", "format": "wav"},
            }
        },
    ),
    "verbosity": Probe(
        send={"chat": {"verbosity": "low"}, "responses": {"text": {"verbosity": "low"}}},
        arrives={"chat": ("verbosity", "low"), "responses": ("text.verbosity", "low")},
    ),
    "web-search": Probe(
        send={
            "chat": {"web_search_options": {"search_context_size": "low"}},
            "responses": {"tools": [{"type": "web_search"}]},
            "messages": {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
            "generate": {"tools": [types.Tool(google_search=types.GoogleSearch())]},
        },
    ),
    "service_tier": Probe(
        send={
            "chat": {"service_tier": "default"},
            "responses": {"service_tier": "default"},
            "messages": {"service_tier": "standard_only"},
        },
    ),
    "metadata": Probe(
        send={
            "chat": {"metadata": {"job": "7"}, "store": True},
            "responses": {"metadata": {"job": "7"}},
        },
        arrives={"chat": ("metadata.job", "7"), "responses": ("metadata.job", "7")},
    ),
    "stored-conversation": Probe(send={"responses": {"conversation": "conv_1"}}),
    "stored-prompt": Probe(send={"responses": {"prompt": {"id": "pmpt_1"}}}),
    "truncation": Probe(
        send={"responses": {"truncation": "auto"}}, arrives={"responses": ("truncation", "auto")}
    ),
    "background": Probe(send={"responses": {"background": True}}),
    "cache_control": Probe(
        send={
            "messages": {
                "system": [{"type": "text", "text": "be", "cache_control": {"type": "ephemeral"}}]
            }
        },
        arrives={"messages": ("system.0.cache_control", {"type": "ephemeral"})},
    ),
    "cached-content": Probe(send={"generate": {"cached_content": "cachedContents/one"}}),
    "safety": Probe(
        send={
            "generate": {
                "safety_settings": [
                    types.SafetySetting(
                        category=types.HarmCategory.HARM_CATEGORY_HARASSMENT,
                        threshold=types.HarmBlockThreshold.BLOCK_NONE,
                    )
                ]
            }
        },
        arrives={"generate": ("safetySettings.0.threshold", "BLOCK_NONE")},
    ),
}
"""`safety` and `service_tier` change nothing in what another vendor answers: they stay behind."""


def at(body: Any, path: str) -> Any:
    """The value at that path, or a text that says there is none."""
    for spelled in path.split("|"):
        found = body
        for step in spelled.split("."):
            if isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            elif isinstance(found, dict) and step in found:
                found = found[step]
            else:
                found = f"nothing at {spelled}"
                break
        else:
            if not ("|" in path and isinstance(found, list)):
                return found
    return found


def unified(body: Any) -> Any:
    """Google's SDK writes some names in snake_case: converts them to camelCase."""
    if isinstance(body, list):
        return [unified(each) for each in body]
    if not isinstance(body, dict):
        return body
    return {_GOOGLES.get(name, name): unified(each) for name, each in body.items()}


_GOOGLES = {
    "thinking_level": "thinkingLevel",
    "thinking_budget": "thinkingBudget",
    "mime_type": "mimeType",
    "inline_data": "inlineData",
    "file_uri": "fileUri",
}
