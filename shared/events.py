"""The usage event of a request: the body of an outbox entry, from inference to control plane.

It has no amounts: the script that moved the credits writes them next to the body (`kind`,
`account`, `seq`, `epoch`, `request`, `amount`, `alloc`, `expired`, `returned`, `debt`, `writeoff`,
`avail`), so that what is posted is what was moved. Events contain no prompt, response or key.
The body must not have a top-level key `data`: FastStream would treat it as an envelope.
"""

import msgspec

KEY_CLIENT = "key:"
"""Prefix of an API key's id in `client_id`."""


TOKENS_MAX = 1_000_000_000
"""Tokens of one kind in one request: more than any model reads or writes, and so few that their
sums over decades fit PostgreSQL's bigint."""

MILLISECONDS_MAX = 2**40
"""A duration: 34 years."""


class UsageEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """A finished request. `status`: completed, cancelled, exhausted or failed.

    `service_tier` and `region` are those that were served, as far as they are priced; `uses` counts
    the hosted tools that were charged, `token_parts` the tokens that may have a price of their own
    (`credits.PARTS`); `unpriced` names what was charged at the dearest price there was.

    Tokens are 0 to TOKENS_MAX, durations 0 to MILLISECONDS_MAX: PostgreSQL's columns take all of
    that.
    """

    request_id: str
    user_id: str
    model_id: str
    operation: str
    provider: str = ""
    upstream_model: str = ""
    price_id: str = ""
    client_id: str = ""
    status: str = "completed"
    streamed: bool = False
    estimated: bool = False
    input_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    started_at_ms: int = 0
    first_token_ms: int = 0
    duration_ms: int = 0
    service_tier: str = ""
    region: str = ""
    uses: dict[str, int] = {}
    token_parts: dict[str, int] = {}
    unpriced: tuple[str, ...] = ()


encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(UsageEvent).decode
