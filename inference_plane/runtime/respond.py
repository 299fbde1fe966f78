"""Writes to the caller: status and headers once, then pieces, then the end."""

import math
import time
from email.utils import formatdate

from inference_plane.runtime.exchange import Exchange, given
from shared.credits import MICRO, public
from shared.ledger import Window

Headers = list[tuple[bytes, bytes]]


def standing(exchange: Exchange) -> Headers:
    """Rate-limit and credit headers: our names, and the ones OpenAI's clients know."""
    headers: Headers = [(b"x-request-id", exchange.request_id.encode()), *_warning(exchange)]
    reservation = exchange.reservation
    if reservation is None or reservation.requests is None:
        return headers
    requests, tokens = reservation.requests, reservation.tokens
    avail = exchange.settlement.avail if exchange.settlement else reservation.avail
    remaining = public(max(0, avail) // MICRO * MICRO)
    headers.append((b"x-credits-remaining", str(remaining).encode()))
    if requests.limit >= 0:
        reset_s = math.ceil(time.time() + requests.reset_ms / 1000)
        headers += [
            (b"x-ratelimit-limit", b"%d" % requests.limit),
            (b"x-ratelimit-remaining", b"%d" % requests.left),
            (b"x-ratelimit-reset", b"%d" % reset_s),
            *_openai(b"requests", requests),
        ]
    if tokens is not None and tokens.limit >= 0:
        headers += _openai(b"tokens", tokens)
    return headers


def _warning(exchange: Exchange) -> Headers:
    """A deprecated model still works, and says so. Source: RFC 9745, RFC 8594."""
    model = exchange.model
    if model is None or not 0 < model.deprecated_at_s <= time.time():
        return []
    headers = [(b"deprecation", b"@%d" % model.deprecated_at_s)]
    if model.sunset_at_s:
        headers.append((b"sunset", formatdate(model.sunset_at_s, usegmt=True).encode()))
    return headers


def _openai(what: bytes, window: Window) -> Headers:
    return [
        (b"x-ratelimit-limit-" + what, b"%d" % window.limit),
        (b"x-ratelimit-remaining-" + what, b"%d" % window.left),
        (b"x-ratelimit-reset-" + what, b"%dms" % window.reset_ms),
    ]


async def piece(exchange: Exchange, data: bytes, *, end: bool = False) -> None:
    """A piece of a stream; the first one sends the headers before it. It is kept, then sent."""
    if exchange.recorder is not None:
        data = exchange.recorder.add(data)
    if not exchange.headers_sent:
        exchange.headers_sent = True
        headers = [
            (b"content-type", given(exchange.envelope).media),
            (b"cache-control", b"no-cache"),
            (b"x-accel-buffering", b"no"),
            *standing(exchange),
        ]
        await exchange.send({"type": "http.response.start", "status": 200, "headers": headers})
    await exchange.send({"type": "http.response.body", "body": data, "more_body": not end})


async def whole(exchange: Exchange, body: bytes, charged: str) -> None:
    """A plain answer, which can still say in a header what it cost."""
    await _send(exchange, body, [(b"x-credits-charged", charged.encode())])


async def free(exchange: Exchange, body: bytes) -> None:
    """A plain answer that costs nothing."""
    await _send(exchange, body, [])


async def _send(exchange: Exchange, body: bytes, more: Headers) -> None:
    exchange.headers_sent = True
    if exchange.recorder is not None:
        exchange.recorder.add(body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        *more,
        *standing(exchange),
    ]
    await exchange.send({"type": "http.response.start", "status": 200, "headers": headers})
    await exchange.send({"type": "http.response.body", "body": body})
