"""What a user prefers where a request leaves it open, as the control plane publishes it.

Only what the user chose is here; `None` leaves the matter to the model's provider.
"""

import msgspec


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """`temperature` is between 0 and 2, `max_tokens` the longest answer in tokens."""

    model: str | None = None
    stream: bool | None = None
    max_tokens: int | None = None
    temperature: float | None = None


NONE = Preferences()

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Preferences).decode
