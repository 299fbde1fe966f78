"""Log probabilities: invented values in the vendor's number and shape.

Source: OpenAI API reference, https://platform.openai.com/docs/api-reference/chat/object; for the
older form, https://platform.openai.com/docs/api-reference/completions.
"""

from typing import Any

_CHOSEN = -0.25


def token_logprobs(token: str, top: int) -> dict[str, Any]:
    """A token with its `top` likeliest alternatives, itself the first."""
    others = [token, *(f"{token}{number}" for number in range(1, top))][:top]
    likely = [_logprob(other, _CHOSEN * (place + 1)) for place, other in enumerate(others)]
    return _logprob(token, _CHOSEN) | {"top_logprobs": likely}


def legacy_logprobs(pieces: list[str], top: int, offset: int) -> dict[str, Any]:
    """The older form: parallel lists, and where in the text each token begins."""
    offsets, place = [], offset
    for piece in pieces:
        offsets.append(place)
        place += len(piece)
    return {
        "text_offset": offsets,
        "token_logprobs": [_CHOSEN] * len(pieces),
        "tokens": pieces,
        "top_logprobs": [{piece: _CHOSEN} if top else {} for piece in pieces],
    }


def _logprob(token: str, value: float) -> dict[str, Any]:
    return {"token": token, "logprob": value, "bytes": list(token.encode())}
