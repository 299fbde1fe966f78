"""Every id of something that a vendor keeps is found, wherever a request has it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_plane.surfaces.chat import references as chat
from inference_plane.surfaces.generate import references as generate
from inference_plane.surfaces.messages import references as messages
from inference_plane.surfaces.responses import references as responses

_FINDERS = {
    "chat": chat.find,
    "responses": responses.find,
    "messages": messages.find,
    "generate": generate.find,
}
_REASONING = {"type": "reasoning", "id": "rs_1", "summary": []}
_GOOGLE_FILE = "https://generativelanguage.googleapis.com/v1beta/files/one"


def _user(surface: str, part: Any) -> dict[str, Any]:
    bodies: dict[str, dict[str, Any]] = {
        "chat": {"messages": [{"role": "user", "content": [part]}]},
        "responses": {"input": [{"role": "user", "content": [part]}]},
        "messages": {"messages": [{"role": "user", "content": [part]}]},
        "generate": {"contents": [{"parts": [part]}]},
    }
    return bodies[surface]


REFERENCES: list[tuple[str, dict[str, Any], str]] = [
    ("responses", {"previous_response_id": "r"}, "previous_response_id"),
    ("responses", {"conversation": "c"}, "conversation"),
    ("responses", {"conversation": {"id": "c"}}, "conversation.id"),
    ("responses", {"prompt": {"id": "p"}}, "prompt.id"),
    ("responses", {"input": [{"type": "item_reference", "id": "m"}]}, "input[0].id"),
    ("responses", {"input": [{"id": "m"}]}, "input[0].id"),
    ("responses", {"input": [{"id": "m", "type": None}]}, "input[0].id"),
    ("responses", {"input": ["x", _REASONING]}, "input[1].id"),
    ("responses", {"input": [_REASONING | {"encrypted_content": ""}]}, "input[0].id"),
    ("responses", {"input": [{"type": "image_generation_call", "id": "i"}]}, "input[0].id"),
    (
        "responses",
        {"input": [{"type": "mcp_approval_response", "approval_request_id": "a"}]},
        "input[0].approval_request_id",
    ),
    (
        "responses",
        _user("responses", {"type": "input_file", "file_id": "f"}),
        "input[0].content[0].file_id",
    ),
    (
        "responses",
        _user("responses", {"type": "input_image", "file_id": "f"}),
        "input[0].content[0].file_id",
    ),
    (
        "responses",
        {"input": [{"type": "function_call_output", "output": [{"file_id": "f"}]}]},
        "input[0].output[0].file_id",
    ),
    (
        "responses",
        {"tools": [{"type": "file_search", "vector_store_ids": ["v"]}]},
        "tools[0].vector_store_ids",
    ),
    (
        "responses",
        {"tools": [{"type": "code_interpreter", "container": "c"}]},
        "tools[0].container",
    ),
    (
        "responses",
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}}]},
        "tools[0].container.file_ids",
    ),
    (
        "responses",
        {"tools": [{"type": "image_generation", "input_image_mask": {"file_id": "f"}}]},
        "tools[0].input_image_mask.file_id",
    ),
    (
        "chat",
        _user("chat", {"type": "file", "file": {"file_id": "f"}}),
        "messages[0].content[0].file.file_id",
    ),
    (
        "chat",
        {"messages": [{"role": "assistant", "audio": {"id": "a"}}]},
        "messages[0].audio.id",
    ),
    ("chat", {"audio": {"voice": {"id": "v"}, "format": "mp3"}}, "audio.voice.id"),
    (
        "messages",
        _user("messages", {"type": "image", "source": {"type": "file", "file_id": "f"}}),
        "messages[0].content[0].source.file_id",
    ),
    (
        "messages",
        _user("messages", {"type": "container_upload", "file_id": "f"}),
        "messages[0].content[0].file_id",
    ),
    (
        "messages",
        {"system": [{"type": "document", "source": {"type": "file", "file_id": "f"}}]},
        "system[0].source.file_id",
    ),
    ("messages", {"container": "c"}, "container"),
    ("messages", {"container": {"id": "c"}}, "container.id"),
    (
        "messages",
        {"container": {"skills": [{"type": "custom", "skill_id": "s"}]}},
        "container.skills[0].skill_id",
    ),
    ("generate", {"cachedContent": "c"}, "cachedContent"),
    ("generate", {"cached_content": "c"}, "cached_content"),
    (
        "generate",
        {"generateContentRequest": {"cachedContent": "c"}},
        "generateContentRequest.cachedContent",
    ),
    (
        "generate",
        {"tools": [{"fileSearch": {"fileSearchStoreNames": ["s"]}}]},
        "tools[0].fileSearch.fileSearchStoreNames",
    ),
]
_FOREIGN_FILES = [
    _GOOGLE_FILE,
    _GOOGLE_FILE.upper(),
    _GOOGLE_FILE.replace(".com/", ".com./"),
    _GOOGLE_FILE.replace("https://", "https://me@"),
    _GOOGLE_FILE.replace("https", " https"),
    _GOOGLE_FILE.replace(".com/", ".com:443/"),
    "files/one",
    "gs://bucket/one",
]


@pytest.mark.parametrize(("surface", "body", "field"), REFERENCES)
def test_a_reference_is_found_by_the_callers_own_name(
    surface: str, body: dict[str, Any], field: str
) -> None:
    [found] = _FINDERS[surface](body)
    assert found.field == field
    assert json.dumps(found.id) in json.dumps(body)


@pytest.mark.parametrize("uri", _FOREIGN_FILES)
@pytest.mark.parametrize("name", ["fileUri", "file_uri"])
def test_googles_own_files_are_references_however_they_are_written(name: str, uri: str) -> None:
    found = generate.find(_user("generate", {"fileData": {name: uri}}))
    assert [each.id for each in found] == [uri]


@pytest.mark.parametrize(
    "uri",
    ["https://www.youtube.com/watch?v=1", "https://storage.googleapis.com/b/o", "http://x.org:80"],
)
def test_addresses_on_the_web_are_nobodys(uri: str) -> None:
    assert generate.find(_user("generate", {"fileData": {"fileUri": uri}})) == []


NO_REFERENCES: list[tuple[str, dict[str, Any]]] = [
    ("responses", {"input": [_REASONING | {"encrypted_content": "sealed"}]}),
    ("responses", {"input": [{"type": "message", "id": "msg_1", "role": "user", "content": "x"}]}),
    ("responses", {"input": [{"role": "user", "content": "file_id"}], "conversation": None}),
    ("responses", {"metadata": {"file_id": "f"}}),
    ("responses", {"tools": [{"type": "function", "parameters": {"file_id": "f"}}]}),
    (
        "responses",
        {
            "input": [
                {"type": "mcp_approval_request", "id": "a", "name": "f", "arguments": "{}"},
                {"type": "mcp_approval_response", "approval_request_id": "a"},
            ]
        },
    ),
    (
        "responses",
        _user("responses", {"type": "output_text", "annotations": [{"file_id": "f"}]}),
    ),
    ("chat", {"audio": {"voice": "alloy", "format": "mp3"}}),
    ("chat", {"messages": [{"role": "assistant", "audio": None}]}),
    ("messages", _user("messages", {"type": "tool_use", "input": {"file_id": "f"}})),
    ("messages", {"container": {"skills": [{"type": "anthropic", "skill_id": "pptx"}]}}),
    ("generate", _user("generate", {"functionCall": {"args": {"cachedContent": "c"}}})),
]


@pytest.mark.parametrize(("surface", "body"), NO_REFERENCES)
def test_the_callers_own_json_and_whole_items_are_no_references(
    surface: str, body: dict[str, Any]
) -> None:
    assert _FINDERS[surface](body) == []


_json: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "type", "input", "file_id", "container", "audio", "prompt"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("surface", _FINDERS)
@given(body=st.dictionaries(st.sampled_from(["input", "messages", "contents"]), _json))
def test_any_json_is_searched(surface: str, body: dict[str, Any]) -> None:
    assert all(isinstance(each.id, str) for each in _FINDERS[surface](body))
