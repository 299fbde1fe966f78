"""Requests about something that a vendor keeps: a stored response, a stored chat completion.

The vendor answers them, for the account whose thing it is. They generate nothing and are free.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from shared.errors import InvalidRequest

_OFF = frozenset({"", "0", "false"})


@dataclass(frozen=True, slots=True)
class Stored:
    """`path` is the caller's, with `{id}`; without its version it is the vendor's, too.

    `parameters` of the query are carried. `refused` are those that the vendor has and we do not
    serve, with the reason; a value that turns one off is left out. `body_methods` have a body.
    """

    path: str
    parameters: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    body_methods: frozenset[str] = frozenset()

    def id_in(self, path: str) -> str:
        """The id in a path that this template stands for."""
        before, _, after = self.path.partition("{id}")
        return path.removeprefix(before).removesuffix(after)

    def target(self, stored_id: str, query: bytes) -> str:
        """Path and query for the vendor.

        Raises InvalidRequest for a parameter that is refused or unknown.
        """
        path = self.path.removeprefix("/v1").replace("{id}", quote(stored_id, safe=""))
        text = query.decode(errors="replace")
        pairs = parse_qsl(text, keep_blank_values=True)
        carried = [(name, value) for name, value in pairs if self._is_carried(name, value)]
        return f"{path}?{urlencode(carried)}" if carried else path

    def _is_carried(self, name: str, value: str) -> bool:
        plain = name.removesuffix("[]")
        if plain in self.parameters:
            return True
        if plain not in self.refused:
            raise InvalidRequest(f"`{plain}` is not a parameter of this request.", param=plain)
        if value.lower() not in _OFF:
            raise InvalidRequest(f"`{plain}` is not supported: {self.refused[plain]}", param=plain)
        return False
