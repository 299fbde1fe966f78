"""The answer to a Responses request that only counts its tokens.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/responses/input-tokens.
"""

import msgspec

_write = msgspec.json.Encoder().encode


def token_count(count: int) -> bytes:
    return _write({"object": "response.input_tokens", "input_tokens": count})
