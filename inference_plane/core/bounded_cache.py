"""What was looked up lately: so many at most, and the oldest makes room for the next."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """`keep` makes a thing the youngest, `find` leaves its age."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[K, V] = {}

    def find(self, key: K) -> V | None:
        return self._kept.get(key)

    def keep(self, key: K, value: V) -> None:
        """A dict keeps the order in which things came."""
        self._kept.pop(key, None)
        if len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = value

    def forget(self, key: K) -> None:
        self._kept.pop(key, None)
