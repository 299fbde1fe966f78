"""Every key in Redis, by name.

All that one account touches in one script lies in one shard, and a shard is a hash tag, so the
same scripts run on a single server and on a cluster. The number of shards is fixed:
PostgreSQL stores each account's shard, and the outbox streams are one per shard.
"""

import hashlib
import zlib

SHARDS = 16

JWKS = "directory:jwks"
CATALOGUE = "directory:catalogue"
DIRECTORY_VERSION = "directory:version"

API_KEYS = "directory:api_keys"
"""Hash: SHA-256 of an API key, hex, to what it may do: see `shared.auth.api_keys`."""

PREFERENCES = "directory:preferences"
"""Hash: user id to what that user prefers, where anything: see `shared.preferences`."""

REVOKED = "directory:revoked"
"""Sorted set: `sid` or `jti` of tokens that are refused, by the time of revocation in ms."""

CIRCUITS_OPEN = "{circuits}:open"
"""Hash: name of a provider's key to the time until which its circuit is open, ms."""


def shard_of(account: str) -> int:
    """The shard an account lives in: CRC-32 of its id, as every language can compute it."""
    return zlib.crc32(account.encode()) % SHARDS


def prefix(shard: int) -> str:
    """`{sNN}` is the hash tag; the version changes whenever a key or a field is renamed."""
    return f"{{s{shard:02d}}}:v2"


ACCOUNT_KEYS = "{s??}:v2:a:*"
"""Matches every account key, for SCAN."""


def account_key(account: str) -> str:
    """Hash: avail, held, debt, floor, open, seq, epoch, change_seq, state, tier, basis, alerted."""
    return f"{prefix(shard_of(account))}:a:{account}"


def lots_key(account: str) -> str:
    """Hash: lot id to micro-credits remaining."""
    return f"{prefix(shard_of(account))}:l:{account}"


def lot_order_key(account: str) -> str:
    """Sorted set: lot id by burn order, which is priority × 10¹⁰ + expiry in seconds."""
    return f"{prefix(shard_of(account))}:lx:{account}"


def window_key(account: str) -> str:
    """Hash: requests and tokens of this minute and the last, credits of today. Expires."""
    return f"{prefix(shard_of(account))}:w:{account}"


def counts_key(account: str) -> str:
    """Hash: token counts and estimates of this minute and the last. Expires."""
    return f"{prefix(shard_of(account))}:wc:{account}"


def hold_key(account: str, request_id: str) -> str:
    """Hash: a live hold, or for 48 h afterwards the tombstone that makes its end idempotent."""
    return f"{prefix(shard_of(account))}:h:{request_id}"


def deadlines_key(shard: int) -> str:
    """Sorted set: `request_id|account` of live holds by deadline in ms of Redis time."""
    return f"{prefix(shard)}:hx"


def tiers_key(shard: int) -> str:
    """Hash: `<tier>:rank|rpm|tpm|cpd|open|body|alerts` to its value.

    The control plane publishes it.
    """
    return f"{prefix(shard)}:tiers"


def meta_key(shard: int) -> str:
    """Hash: epoch. Missing after a loss of Redis: then nothing may be loaded before a fence."""
    return f"{prefix(shard)}:meta"


def outbox_key(shard: int) -> str:
    """Stream: what happened to the accounts of this shard, on its way into PostgreSQL."""
    return f"{prefix(shard)}:out"


def circuit_key(name: str) -> str:
    """Hash: failures of one provider's key, and for how long its circuit is open. Expires."""
    return f"{{circuits}}:c:{name}"


def claim_key(account: str, name: str) -> str:
    """Hash: who answers the request of this idempotency key, and how far it is. Expires."""
    return f"{prefix(shard_of(account))}:i:{account}:{name}"


def replay_key(account: str, name: str) -> str:
    """Stream: what was answered to it, in pieces; the last entry says that it is all. Expires."""
    return f"{prefix(shard_of(account))}:ir:{account}:{name}"


def provider_id_key(account: str, name: str) -> str:
    """The name of the provider's key under which the provider keeps something for this account.

    `name` is a digest of the provider's id. Expires when the provider forgets it.
    """
    return f"{prefix(shard_of(account))}:p:{account}:{name}"


def attempts_key(kind: str, name: str) -> str:
    """Hash or number: failed attempts of a name or an address, stored as a digest."""
    return f"attempts:{kind}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
