"""A prompt's text and its tokens by modality. The body is in camelCase and has been checked.

Source: Gemini API reference, https://ai.google.dev/api/generate-content, "UsageMetadata";
https://ai.google.dev/api/caching, "Content".
"""

from dataclasses import dataclass
from typing import Any

from deploy.simulators import directive as directives
from deploy.simulators.token_counts import IMAGE_TOKENS, json_tokens, text_tokens


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an answer needs of its prompt: its directive, and its tokens by modality."""

    directive: directives.Directive
    details: list[dict[str, Any]]


def prompt_text(body: dict[str, Any]) -> str:
    """The last text of the user; a content without a role is the user's."""
    return directives.last_text(
        (each.get("role") or "user", directives.text_of(each.get("parts")))
        for each in body.get("contents") or ()
    )


def details(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Tokens by modality, as `promptTokensDetails` lists them."""
    contents = [*(body.get("contents") or ())]
    if body.get("systemInstruction"):
        contents.append(body["systemInstruction"])
    counted: dict[str, int] = {"TEXT": 0}
    for part in (part for content in contents for part in content.get("parts") or ()):
        modality, tokens = _part(part)
        counted[modality] = counted.get(modality, 0) + tokens
    return [{"modality": name, "tokenCount": tokens} for name, tokens in counted.items()]


def _part(part: dict[str, Any]) -> tuple[str, int]:
    data = part.get("inlineData") or part.get("fileData")
    if data:
        kind = str(data.get("mimeType", "")).partition("/")[0]
        modality = {"image": "IMAGE", "audio": "AUDIO", "video": "VIDEO"}.get(kind, "DOCUMENT")
        return modality, IMAGE_TOKENS
    if "text" in part:
        return "TEXT", 1 + text_tokens(part["text"])
    return "TEXT", 1 + json_tokens(part)
