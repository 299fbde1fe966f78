"""Log probabilities: invented values in the vendor's number and shape.

Source: Gemini API reference, https://ai.google.dev/api/generate-content, "LogprobsResult".
"""

from typing import Any

_CHOSEN = -0.25


def logprobs_result(pieces: list[str], top: int) -> dict[str, Any]:
    """What a candidate carries when `responseLogprobs` asked for it."""
    likely = [
        {"candidates": [_candidate(f"{piece}{n or ''}", _CHOSEN * (n + 1)) for n in range(top)]}
        for piece in pieces
    ]
    chosen = [_candidate(piece, _CHOSEN) for piece in pieces]
    result = {"topCandidates": likely, "chosenCandidates": chosen}
    return {"avgLogprobs": _CHOSEN, "logprobsResult": result}


def _candidate(token: str, value: float) -> dict[str, Any]:
    return {"token": token, "tokenId": sum(token.encode()), "logProbability": value}
