"""Probes of message content: failed tools, stored files, audio, citations."""

import base64

from google.genai import types

from tests.support.judges.probe import Probe

_SOUND = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="
CONTENT_PROBES: dict[str, Probe] = {
    "failed-tool": Probe(
        turns={
            "messages": [
                {"role": "user", "content": "hi"},
                {
                    "role": "assistant",
                    "content": [{"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}],
                },
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "tool_result",
                            "tool_use_id": "toolu_1",
                            "content": "no such thing",
                            "is_error": True,
                        }
                    ],
                },
            ]
        },
        arrives={
            "messages": ("messages.2.content.0.is_error", True),
            "chat": ("messages.2.content", "no such thing"),
            "generate": (
                "contents.2.parts.0.functionResponse.response",
                {"error": "no such thing"},
            ),
        },
        tools=True,
    ),
    "file-by-id": Probe(
        turns={
            "chat": [
                {"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}
            ],
            "responses": [
                {"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]}
            ],
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "document", "source": {"type": "file", "file_id": "file_1"}}
                    ],
                }
            ],
            "generate": [
                types.Content(
                    role="user",
                    parts=[
                        types.Part.from_uri(
                            file_uri="https://generativelanguage.googleapis.com/v1beta/files/one",
                            mime_type="application/pdf",
                        )
                    ],
                )
            ],
        },
    ),
    "sound": Probe(
        turns={
            "chat": [
                {
                    "role": "user",
                    "content": [
                        {"type": "input_audio", "input_audio": {"data": _SOUND, "format": "wav"}}
                    ],
                }
            ],
            "generate": [
                types.Content(
                    role="user",
                    parts=[
                        types.Part(
                            inline_data=types.Blob(
                                mime_type="audio/wav", data=base64.b64decode(_SOUND)
                            )
                        )
                    ],
                )
            ],
        },
        arrives={
            "chat": (
                "messages.0.content.0.input_audio",
                {"data": _SOUND, "format": "wav"},
            ),
            "generate": (
                "contents.0.parts.0.inlineData",
                {"mimeType": "audio/wav", "data": _SOUND},
            ),
        },
    ),
    "citations": Probe(
        turns={
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "document",
                            "source": {
                                "type": "text",
                                "media_type": "text/plain",
                                "data": "a paper",
                            },
                            "citations": {"enabled": True},
                        },
                        {"type": "text", "text": "hi"},
                    ],
                }
            ]
        },
        arrives={"messages": ("messages.0.content.0.citations.enabled", True)},
    ),
}
