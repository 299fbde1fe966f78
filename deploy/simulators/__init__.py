"""A provider that answers without a model: the wire protocols of OpenAI, Anthropic and Google.

It stands in while no provider's key is set, and in tests. Its answers are labelled as simulated,
its refusals are the vendor's own: what the vendor would refuse is refused here, in its words. How
an answer goes is told by the request itself, in a `sim:` line: see `directive`.

A folder speaks for a vendor: `requests` (what it accepts), `turns` (what must follow what),
`frames` (what it sends), `errors` (how it refuses). What a simulated model would say is decided
once for all of them, in `answer`.
"""
