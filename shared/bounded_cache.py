"""A cache of a fixed size: the oldest entry makes room for a new one."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedCache(Generic[K, V]):
    """`set` makes an entry the youngest; `get` does not change its age."""

    def __init__(self, size_max: int) -> None:
        self._size_max = size_max
        self._entries: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        return self._entries.get(key)

    def set(self, key: K, value: V) -> None:
        # A dict keeps the order of insertion, so the first key is the oldest.
        self._entries.pop(key, None)
        if len(self._entries) >= self._size_max:
            self._entries.pop(next(iter(self._entries)))
        self._entries[key] = value

    def remove(self, key: K) -> None:
        self._entries.pop(key, None)
