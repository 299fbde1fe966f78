"""What one replica has: the parts that every step works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inference_plane.directory import Directory
from inference_plane.observability import Metrics
from inference_plane.pipeline.access_tokens import TokenCache
from inference_plane.pipeline.accounts import AccountLoader
from inference_plane.pipeline.heartbeat import Heartbeat
from inference_plane.pipeline.settler import Settler
from inference_plane.settings import InferenceSettings
from inference_plane.transport import Transport
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Plane:
    """`keys` and `urls` are by provider; only a provider with a key is routed to."""

    settings: InferenceSettings
    directory: Directory
    tokens: TokenCache
    ledger: Ledger
    loader: AccountLoader
    transport: Transport
    settler: Settler
    heartbeat: Heartbeat
    metrics: Metrics
    keys: Mapping[str, str] = field(repr=False)
    urls: Mapping[str, str]
