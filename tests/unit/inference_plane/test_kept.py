"""What an answer makes a provider keep, by its decoder."""

import json
from typing import Any

from inference_plane.core import events
from inference_plane.core.decoder import Decoder
from inference_plane.core.request import Address
from inference_plane.providers.anthropic.decode import MessagesDecoder
from inference_plane.providers.openai import chat_encode, responses
from inference_plane.providers.openai.chat_decode import ChatDecoder
from inference_plane.providers.openai.responses import ResponsesDecoder
from inference_plane.surfaces.chat import decode as chat
from inference_plane.surfaces.responses import decode
from shared.catalogue import Route

_ROUTE = Route("openai", "gpt-5")
_DAYS_30 = 30 * 24 * 3600
_OUTPUT = [
    {"type": "message", "id": "msg_1"},
    {
        "type": "message",
        "id": "msg_2",
        "content": [{"annotations": [{"container_id": "cntr_1", "file_id": "cfile_1"}]}],
    },
]


def _kept(decoder: Decoder, *frames: Any) -> dict[str, events.Kept]:
    seen = [each for frame in frames for each in decoder.feed(json.dumps(frame).encode())]
    return {each.id: each for each in seen if isinstance(each, events.Kept)}


def _completed() -> dict[str, Any]:
    return {"type": "response.completed", "response": {"id": "resp_1", "output": _OUTPUT}}


def test_a_stored_response_is_kept_with_its_items_for_thirty_days() -> None:
    kept = _kept(ResponsesDecoder(stored=True), _completed())
    assert set(kept) == {"resp_1", "msg_1", "msg_2", "cntr_1", "cfile_1"}
    assert {each.for_s for each in kept.values()} == {_DAYS_30}


def test_of_a_response_that_is_not_stored_only_containers_are_kept() -> None:
    assert set(_kept(ResponsesDecoder(), _completed())) == {"cntr_1", "cfile_1"}


def test_nothing_is_stored_at_openai_unless_the_caller_asks() -> None:
    for requested, sent in ((None, False), (False, False), (True, True)):
        store = {} if requested is None else {"store": requested}
        for own in (store, {"store": None} if requested is None else store):
            body = json.dumps({"model": "gpt-5", "input": "hi"} | own).encode()
            request = responses.patch(decode.decode(body, Address()), _ROUTE, None)
            assert json.loads(request.body)["store"] is sent
            talk = [{"role": "user", "content": "hi"}]
            body = json.dumps({"model": "gpt-5", "messages": talk} | own).encode()
            request = chat_encode.patch(chat.decode(body, Address()), _ROUTE, None)
            assert json.loads(request.body)["store"] is sent


def test_a_spoken_answer_is_kept_until_it_expires() -> None:
    audio = {"id": "audio_1", "expires_at": 1_800_000_000}
    kept = _kept(ChatDecoder(), {"choices": [{"delta": {"audio": audio}}]})
    assert kept == {"audio_1": events.Kept("audio_1", until_s=1_800_000_000)}


def test_containers_and_the_files_made_in_them_are_kept_at_anthropic() -> None:
    result = {"type": "bash_code_execution_result", "content": [{"file_id": "file_1"}]}
    block = {"type": "bash_code_execution_tool_result", "content": result}
    kept = _kept(
        MessagesDecoder(),
        {"type": "message_start", "message": {"id": "m", "container": {"id": "container_1"}}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "message_delta", "delta": {"container": {"id": "container_2"}}},
    )
    assert set(kept) == {"container_1", "file_1", "container_2"}
