"""Guesses which path was meant by one that does not exist.

Clients put a base URL before a path, and each vendor's client has another idea of where the version
belongs. So most wrong paths have a version too many or too few, the prefix of another service, or
a slash at the end.
"""

import re
from collections.abc import Iterator

PATH_MAX = 300
"""Longer paths are nobody's typing mistake."""

_SLASHES = re.compile("/{2,}")
_VERSION = re.compile(r"v\d+(?:alpha|beta)?\d*")


def versioned(path: str) -> Iterator[str]:
    """The path, tidied, with one version: the likeliest first."""
    tidy = _tidy(path)
    segments = tidy.lstrip("/").split("/")
    yield tidy
    yield _lowered(tidy)
    while len(segments) > 1 and _VERSION.fullmatch(segments[0]):
        segments = segments[1:]
        yield "/" + "/".join(segments)
        yield from _with_versions(segments)
    yield from _with_versions(segments)


def endings(path: str) -> Iterator[str]:
    """What is left of it without the prefix of another service, with a version if need be."""
    segments = _tidy(path).lstrip("/").split("/")
    for start in range(1, len(segments)):
        yield "/" + "/".join(segments[start:])
        yield from _with_versions(segments[start:])


def reason(path: str, meant: str) -> str:
    """What is wrong with `path`, if it is a matter of its form; else empty."""
    if path.rstrip("/") == meant:
        return "Remove the slash at the end."
    if _tidy(path) == meant:
        return "Remove the repeated slash."
    return "Paths are case-sensitive." if _lowered(_tidy(path)) == meant else ""


def _tidy(path: str) -> str:
    return _SLASHES.sub("/", path).rstrip("/")


def _with_versions(segments: list[str]) -> Iterator[str]:
    """Nothing if there is a version already. A colon names a method of Gemini's API."""
    if _VERSION.fullmatch(segments[0]):
        return
    versions = ("v1beta", "v1") if ":" in segments[-1] else ("v1", "v1beta")
    yield from ("/".join(("", version, *segments)) for version in versions)


def _lowered(path: str) -> str:
    """All but the name of a model, which keeps its case."""
    if ":" in path:
        before, slash, after = path.partition("/models/")
        return before.lower() + slash + after
    return path.lower()
