"""The providers as this replica reaches them: where, by which keys, how many streams at once.

A key is named by its provider and a few characters of its hash: that name is what logs, metrics
and circuits know; the key itself is in no representation of anything here.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from inference_plane.core.decoder import Outgoing
from inference_plane.providers.table import PROVIDERS, Provider
from inference_plane.runtime.exchange import Exchange
from shared.catalogue import Route


@dataclass(slots=True, eq=False)
class Key:
    name: str
    headers: Mapping[str, str] = field(repr=False)
    open: int = 0


@dataclass(slots=True, eq=False)
class Upstream:
    """One provider. `streams_max` bounds what it may hold of this replica: the bulkhead."""

    provider: Provider
    url: str
    keys: Mapping[str, list[Key]]
    dialects: frozenset[str]
    streams_max: int
    open: int = 0

    @property
    def full(self) -> bool:
        return self.open >= self.streams_max


@dataclass(slots=True, eq=False)
class Attempt:
    """One route by one key. Between `take` and `release` it counts as an open stream."""

    route: Route
    upstream: Upstream
    key: Key
    taken: bool = False

    def take(self) -> None:
        self.taken = True
        self.upstream.open += 1
        self.key.open += 1

    def release(self) -> None:
        if self.taken:
            self.taken = False
            self.upstream.open -= 1
            self.key.open -= 1

    def outgoing(self, exchange: Exchange) -> Outgoing:
        """The request as this provider wants it: the caller's bytes where they share a dialect."""
        request, provider = exchange.request, self.upstream.provider
        limit = exchange.output_limit
        if request.dialect in self.upstream.dialects:
            return provider.patches[request.dialect](request, self.route, limit)
        prompt = exchange.prompt or request.read()
        return provider.encode(prompt, self.route, limit)

    def headers(self, exchange: Exchange) -> dict[str, str]:
        """The key, and the caller's own vendor headers where they share a dialect."""
        own = exchange.request.address.vendor_headers
        shared = exchange.request.dialect in self.upstream.dialects
        return {**self.key.headers, **(own if shared else {})}


class Upstreams:
    """By provider. Only those that have a key are served."""

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._by_name = dict(upstreams)

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def get(self, provider: str) -> Upstream:
        return self._by_name[provider]

    def serves(self, route: Route) -> bool:
        upstream = self._by_name.get(route.provider)
        return upstream is not None and bool(upstream.keys.get(route.keys))

    def speaks(self, route: Route, dialect: str) -> bool:
        return dialect in self._by_name[route.provider].dialects

    def attempts(self, routes: list[Route]) -> Iterator[Attempt]:
        """Route by route; of a route's keys the one with the fewest open streams first."""
        for route in routes:
            upstream = self._by_name[route.provider]
            for key in sorted(upstream.keys[route.keys], key=lambda each: each.open):
                yield Attempt(route, upstream, key)


def build(
    name: str, url: str, secrets: Mapping[str, list[str]], dialects: frozenset[str], most: int
) -> Upstream:
    """`secrets` are keys by group; the default group has no name."""
    provider = PROVIDERS[name]
    keys = {
        group: [Key(_named(name, secret), provider.authorize(secret)) for secret in group_secrets]
        for group, group_secrets in secrets.items()
    }
    spoken = dialects & provider.patches.keys()
    return Upstream(provider, url.rstrip("/"), keys, frozenset(spoken), most)


def _named(provider: str, secret: str) -> str:
    return f"{provider}-{hashlib.sha256(secret.encode()).hexdigest()[:8]}"
