"""One parameter as every surface writes it and every provider must get it.

`ask` holds the SDK's own arguments; `turns` replaces what the user says. `arrives` tells, by the
dialect that the provider is asked in, a path in the body it got and the value there; a `|` parts
two spellings of one path. Where a dialect is not named, that the provider answered is enough: the
simulated one refuses what its vendor would refuse.
"""

from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]


@dataclass(frozen=True)
class Probe:
    send: dict[str, Fields] = field(default_factory=dict)
    arrives: dict[str, tuple[str, Any]] = field(default_factory=dict)
    turns: dict[str, list[Any]] = field(default_factory=dict)
    tools: bool = False
