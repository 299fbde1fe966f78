"""The providers as this replica reaches them: addresses, keys, and how many streams at once.

A key's name is its provider and eight characters of its SHA-256. Logs, metrics and circuits use
that name; no representation of anything here contains the key itself.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from inference_plane.core.decoder import UpstreamRequest
from inference_plane.providers.provider import EncodeEmbedding, Provider
from inference_plane.providers.table import PROVIDERS
from inference_plane.runtime.exchange import Exchange, require
from shared.catalogue import Route


@dataclass(slots=True, eq=False)
class ProviderKey:
    """`headers` carry the key; `open_streams` counts those of this replica."""

    name: str
    headers: Mapping[str, str] = field(repr=False)
    open_streams: int = 0


@dataclass(slots=True, eq=False)
class Upstream:
    """One provider. `keys` are by group, `streams_max` is its bulkhead on this replica."""

    provider: Provider
    url: str
    keys: Mapping[str, list[ProviderKey]]
    dialects: frozenset[str]
    streams_max: int
    open_streams: int = 0

    @property
    def full(self) -> bool:
        return self.open_streams >= self.streams_max


@dataclass(slots=True, eq=False)
class Attempt:
    """One route with one key. Between `acquire` and `release` it counts as an open stream."""

    route: Route
    upstream: Upstream
    key: ProviderKey
    acquired: bool = False

    def acquire(self) -> None:
        self.acquired = True
        self.upstream.open_streams += 1
        self.key.open_streams += 1

    def release(self) -> None:
        """Repeating it does nothing."""
        if self.acquired:
            self.acquired = False
            self.upstream.open_streams -= 1
            self.key.open_streams -= 1

    def request(self, exchange: Exchange) -> UpstreamRequest:
        """The request for this provider: the caller's body where they share a dialect."""
        request, provider = exchange.request, self.upstream.provider
        limit = exchange.output_limit
        if request.dialect in self.upstream.dialects:
            return provider.patches[request.dialect](request, self.route, limit)
        if exchange.embedding is not None:
            return require(provider.embeddings).encode(exchange.embedding, self.route)
        return provider.encode(require(exchange.prompt), self.route, limit)

    def headers(self, exchange: Exchange) -> dict[str, str]:
        """The key, and the caller's own vendor headers where they share a dialect."""
        vendor_headers = exchange.request.address.vendor_headers
        same_dialect = exchange.request.dialect in self.upstream.dialects
        return {**self.key.headers, **(vendor_headers if same_dialect else {})}


class KeyedUpstream(NamedTuple):
    """A provider, and the key to call it with."""

    upstream: Upstream
    key: ProviderKey


class UpstreamPool:
    """The upstreams by provider. A provider without a key is not among them."""

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._by_name = dict(upstreams)

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def get(self, provider: str) -> Upstream:
        return self._by_name[provider]

    def serves(self, route: Route) -> bool:
        """Whether there is a key for this route."""
        upstream = self._by_name.get(route.provider)
        return upstream is not None and bool(upstream.keys.get(route.keys))

    def speaks(self, route: Route, dialect: str) -> bool:
        return dialect in self._by_name[route.provider].dialects

    def embedding_encoder(self, route: Route) -> EncodeEmbedding | None:
        """Writes embedding requests of other dialects for this route; None if it cannot embed."""
        upstream = self._by_name[route.provider]
        own = upstream.provider.embeddings
        return own.encode if own is not None and own.dialect in upstream.dialects else None

    def keyed(self, key_name: str) -> KeyedUpstream | None:
        """The provider whose key has this name; None if there is none any more."""
        for upstream in self._by_name.values():
            for key in (each for group in upstream.keys.values() for each in group):
                if key.name == key_name:
                    return KeyedUpstream(upstream, key)
        return None

    def free(self, dialect: str) -> KeyedUpstream | None:
        """A provider with this free endpoint, and the least busy key of its default group."""
        for upstream in self._by_name.values():
            keys = upstream.keys.get("", [])
            if dialect in upstream.dialects and keys:
                return KeyedUpstream(upstream, min(keys, key=lambda each: each.open_streams))
        return None

    def attempts(self, routes: list[Route], key_name: str = "") -> Iterator[Attempt]:
        """Route by route; of a route's keys the one with the fewest open streams first.

        `key_name`, where given, is the only key that will do.
        """
        for route in routes:
            upstream = self._by_name[route.provider]
            keys = [key for key in upstream.keys[route.keys] if key_name in ("", key.name)]
            for key in sorted(keys, key=lambda each: each.open_streams):
                yield Attempt(route, upstream, key)


def build(
    name: str,
    url: str,
    secrets: Mapping[str, list[str]],
    dialects: frozenset[str],
    streams_max: int,
) -> Upstream:
    """The provider `name` at `url`. `secrets` are keys by group; the default group has no name."""
    provider = PROVIDERS[name]
    keys = {
        group: [
            ProviderKey(_key_name(name, secret), provider.authorize(secret))
            for secret in group_secrets
        ]
        for group, group_secrets in secrets.items()
    }
    supported = frozenset(dialects & (provider.patches.keys() | provider.free_paths.keys()))
    return Upstream(provider, url.rstrip("/"), keys, supported, streams_max)


def _key_name(provider: str, secret: str) -> str:
    return f"{provider}-{hashlib.sha256(secret.encode()).hexdigest()[:8]}"
