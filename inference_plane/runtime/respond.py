"""Writes to the caller: status and headers once, then a stream's chunks or one body."""

import math
import time
from email.utils import formatdate

from inference_plane.runtime.exchange import Exchange, require
from shared.credits import MICRO, public
from shared.ledger_records import Window

Headers = list[tuple[bytes, bytes]]


def limit_headers(exchange: Exchange) -> Headers:
    """Request id, deprecation, ignored fields, credits and rate limits: our names, and OpenAI's.

    Source: https://platform.openai.com/docs/guides/rate-limits, "Rate limits in headers".
    """
    headers: Headers = [(b"x-request-id", exchange.request_id.encode()), *_deprecation(exchange)]
    if exchange.ignored:
        headers.append((b"x-headrace-ignored", ", ".join(exchange.ignored).encode()))
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
            *_openai_limits(b"requests", requests),
        ]
    if tokens is not None and tokens.limit >= 0:
        headers += _openai_limits(b"tokens", tokens)
    return headers


def _deprecation(exchange: Exchange) -> Headers:
    """For a model that is deprecated but still works. Source: RFC 9745, RFC 8594."""
    model = exchange.model
    if model is None or not 0 < model.deprecated_at_s <= time.time():
        return []
    headers = [(b"deprecation", b"@%d" % model.deprecated_at_s)]
    if model.sunset_at_s:
        headers.append((b"sunset", formatdate(model.sunset_at_s, usegmt=True).encode()))
    return headers


def _openai_limits(kind: bytes, window: Window) -> Headers:
    return [
        (b"x-ratelimit-limit-" + kind, b"%d" % window.limit),
        (b"x-ratelimit-remaining-" + kind, b"%d" % window.left),
        (b"x-ratelimit-reset-" + kind, b"%dms" % window.reset_ms),
    ]


async def chunk(exchange: Exchange, data: bytes, *, end: bool = False) -> None:
    """Records and sends a part of a stream; the first one sends the headers before it."""
    if exchange.recording is not None:
        data = exchange.recording.add(data)
    exchange.ended = exchange.ended or end
    if not exchange.headers_sent:
        exchange.headers_sent = True
        headers = [
            (b"content-type", require(exchange.envelope).media),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *limit_headers(exchange),
        ]
        await exchange.send({"type": "http.response.start", "status": 200, "headers": headers})
    await exchange.send({"type": "http.response.body", "body": data, "more_body": not end})


async def body(exchange: Exchange, data: bytes, *, charged: str | None = None) -> None:
    """Records and sends a whole JSON answer. `charged`: the credits, for a header; None if free."""
    exchange.headers_sent = True
    if exchange.recording is not None:
        exchange.recording.add(data)
    exchange.ended = True
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(data)),
        (b"cache-control", b"no-store"),
        *([(b"x-credits-charged", charged.encode())] if charged is not None else []),
        *limit_headers(exchange),
    ]
    await exchange.send({"type": "http.response.start", "status": 200, "headers": headers})
    await exchange.send({"type": "http.response.body", "body": data})
