"""Requests for generateContent. Source: https://ai.google.dev/api/generate-content."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.support.judges.received import PICTURE
from tests.support.valid_requests.fields import SCHEMA, TOOL_SCHEMAS, some
from tests.support.valid_requests.talk import Message, talks

Body = dict[str, Any]
_TOOLS = [
    {
        "functionDeclarations": [
            {"name": name, "description": "d", "parametersJsonSchema": schema}
            for name, schema in TOOL_SCHEMAS.items()
        ]
    }
]
_CONFIG: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.sampled_from([0, 0.5, 1]),
    "topP": st.sampled_from([0.5, 0.95]),
    "topK": st.just(64),
    "maxOutputTokens": st.sampled_from([1, 1_500, 40_000]),
    "stopSequences": st.just(["END"]),
    "seed": st.sampled_from([0, 7]),
    "candidateCount": st.just(1),
    "presencePenalty": st.sampled_from([0, 0.5]),
    "responseModalities": st.just(["TEXT"]),
    "thinkingConfig": st.sampled_from([{"includeThoughts": True}, {"includeThoughts": False}]),
    "responseMimeType": st.sampled_from(["text/plain", "application/json"]),
    "responseJsonSchema": st.just(SCHEMA),
}
_MODES = st.sampled_from(
    [
        {"mode": "AUTO"},
        {"mode": "NONE"},
        {"mode": "ANY"},
        {"mode": "ANY", "allowedFunctionNames": ["look"]},
    ]
)


def requests() -> st.SearchStrategy[Body]:
    return st.builds(_body, talks(), some(_CONFIG), st.booleans(), st.none() | _MODES)


def _body(talk: list[Message], config: Body, with_tools: bool, mode: Body | None) -> Body:
    contents = [each for message in talk for each in _contents(message)]
    body: Body = {"contents": contents, "generationConfig": config}
    if "responseJsonSchema" in config:
        config["responseMimeType"] = "application/json"
    if with_tools or any(message.calls for message in talk):
        body["tools"] = _TOOLS
        if mode is not None:
            body["toolConfig"] = {"functionCallingConfig": mode}
    return body


def _contents(message: Message) -> list[Body]:
    role = "model" if message.role == "assistant" else "user"
    parts: list[Body] = [{"text": message.text}] if message.text or not message.calls else []
    if message.picture:
        parts.append({"inlineData": {"mimeType": "image/png", "data": PICTURE.base64}})
    parts += [
        {"functionCall": {"name": call.name, "args": json.loads(call.arguments)}}
        for call in message.calls
    ]
    results = [
        {"functionResponse": {"name": call.name, "response": {"output": call.result}}}
        for call in message.calls
    ]
    answered = [{"role": "user", "parts": results}] if results else []
    return [{"role": role, "parts": parts}, *answered]
