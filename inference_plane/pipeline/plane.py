"""What one replica has: the parts that every step works with."""

from dataclasses import dataclass

from inference_plane.directory import Directory
from inference_plane.observability import Metrics
from inference_plane.pipeline.access_tokens import TokenCache
from inference_plane.pipeline.accounts import AccountLoader
from inference_plane.pipeline.circuits import Circuits
from inference_plane.pipeline.heartbeat import Heartbeat
from inference_plane.pipeline.replays import Replays
from inference_plane.pipeline.settler import Settler
from inference_plane.pipeline.upstreams import Upstreams
from inference_plane.preferences import PreferenceReader
from inference_plane.revocations import Revocations
from inference_plane.settings import InferenceSettings
from inference_plane.transport import Transport
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
