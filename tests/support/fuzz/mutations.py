"""Damages a valid request: one nasty value in one place, in every place and with every value.

The order is shuffled by the seed, so that a bounded run samples all of it and a failure can be
repeated.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.support.fuzz import values
from tests.support.fuzz.cases import Case

_MARK = "@@fuzz@@"
_HEADERS: tuple[bytes, ...] = (
    b"X-Request-Id",
    b"Accept",
    b"Anthropic-Version",
    b"Anthropic-Beta",
    b"OpenAI-Beta",
    b"Origin",
    b"Expect",
    b"Content-Type",
    b"Content-Encoding",
    b"Idempotency-Key",
    b"Last-Event-ID",
    b"Accept-Language",
    b"User-Agent",
    b"Cookie",
    b"If-None-Match",
    b"X-Forwarded-For",
    b"Authorization",
    b"X-Api-Key",
    b"X-Goog-Api-Key",
)
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Damaged:
    """A request to send. `headers` replace those of the same name."""

    case: Case
    what: str
    target: bytes
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


def damaged(cases: tuple[Case, ...], seed: int) -> list[Damaged]:
    """Every mutation of every case, in the order of the seed."""
    found = [each for case in cases for each in _of_case(case)]
    random.Random(seed).shuffle(found)
    return found


def _of_case(case: Case) -> Iterator[Damaged]:
    target, body = _target(case), encoded(case)
    yield Damaged(case, "valid", target, body)
    for name in _HEADERS:
        if name == b"Expect" and not case.routed:
            continue
        for value in values.TEXT:
            what = f"header {name.decode()}: {value[:40]!r}"
            yield Damaged(case, what, target, body, ((name, _header(value)),))
    for value in values.TEXT:
        if "{}" in case.path:
            yield Damaged(case, f"path {value[:40]!r}", _target(case, value), body)
        for parameter in case.query:
            query = parameter.encode() + b"=" + _segment(value)
            yield Damaged(case, f"query {query[:60]!r}", target + b"?" + query, body)
            twice = query + b"&" + query
            yield Damaged(case, f"query {twice[:60]!r}", target + b"?" + twice, body)
    if case.form:
        yield from _forms(case, target)
    elif case.body is not None:
        yield from _bodies(case, target)


def _bodies(case: Case, target: bytes) -> Iterator[Damaged]:
    for raw in values.BODIES:
        yield Damaged(case, f"body {raw[:40]!r}", target, raw)
    for path in places(case.body):
        marked = json.dumps(_replaced(case.body, path, _MARK)).encode()
        for value in values.JSON:
            body = marked.replace(f'"{_MARK}"'.encode(), value)
            yield Damaged(case, f"{_dotted(path)} = {value[:40]!r}", target, body)
        without = json.dumps(_removed(case.body, path)).encode()
        yield Damaged(case, f"without {_dotted(path)}", target, without)


def _forms(case: Case, target: bytes) -> Iterator[Damaged]:
    body = dict(case.body or {})
    for field_name in body:
        rest = "&".join(f"{k}={quote(str(v))}" for k, v in body.items() if k != field_name).encode()
        yield Damaged(case, f"without {field_name}", target, rest)
        for value in values.TEXT:
            field = field_name.encode() + b"=" + value
            yield Damaged(case, f"{field_name} = {value[:40]!r}", target, rest + b"&" + field)
            twice = rest + b"&" + field + b"&" + field
            yield Damaged(case, f"{field_name} twice = {value[:40]!r}", target, twice)


def encoded(case: Case) -> bytes:
    """The body of a case as it is."""
    if case.body is None:
        return b""
    if case.form:
        return "&".join(f"{k}={quote(str(v))}" for k, v in case.body.items()).encode()
    return json.dumps(case.body).encode()


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a JSON value, outermost first."""
    if path:
        yield path
    items: Any = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list | tuple):
        items = enumerate(value)
    for key, inner in items:
        yield from places(inner, (*path, key))


def _replaced(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    head, *rest = path
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[head] = _replaced(copy[head], tuple(rest), new)
    return copy


def _removed(value: Any, path: Path) -> Any:
    head, *rest = path
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if rest:
        copy[head] = _removed(copy[head], tuple(rest))
    else:
        del copy[head]
    return copy


def _target(case: Case, value: bytes = b"x") -> bytes:
    before, braces, after = case.path.partition("{}")
    return before.encode() + (_segment(value) if braces else b"") + after.encode()


def _segment(value: bytes) -> bytes:
    """Spaces and control characters would end the request line; everything else goes as it is."""
    return value.replace(b" ", b"%20")


def _header(value: bytes) -> bytes:
    return value.replace(b"\r", b"").replace(b"\n", b"")


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))
