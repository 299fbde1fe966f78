"""One parameter, as every surface writes it and every provider must get it.

`send` holds the SDK's own arguments; `turns` replaces the user's message. `arrives` gives, by the
provider's dialect, a path in the body that it gets and the value there; `|` separates alternative
paths. For a dialect that is not listed it is enough that the provider answers: the simulated one
refuses what its vendor would refuse.
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
