"""What one replica has: the parts that every step works with."""

from dataclasses import dataclass

from inference_plane.metrics import Metrics
from inference_plane.preferences.reader import PreferenceReader
from inference_plane.runtime.access_tokens import TokenCache
from inference_plane.runtime.account_loader import AccountLoader
from inference_plane.runtime.circuits import Circuits
from inference_plane.runtime.directory import Directory
from inference_plane.runtime.heartbeat import Heartbeat
from inference_plane.runtime.replays import Replays
from inference_plane.runtime.revocations import Revocations
from inference_plane.runtime.settlement.settler import Settler
from inference_plane.runtime.transport import Transport
from inference_plane.runtime.upstream_pool import Upstreams
from inference_plane.settings import InferenceSettings
from shared.auth.api_keys import ApiKeys
from shared.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Plane:
    settings: InferenceSettings
    directory: Directory
    tokens: TokenCache
    api_keys: ApiKeys
    revocations: Revocations
    preferences: PreferenceReader
    ledger: Ledger
    loader: AccountLoader
    transport: Transport
    upstreams: Upstreams
    circuits: Circuits
    replays: Replays
    settler: Settler
    heartbeat: Heartbeat
    metrics: Metrics
