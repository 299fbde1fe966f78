"""Pending interactions in PostgreSQL. The checked request is stored here, not in the browser."""

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime

from control_plane.identity.lifetimes import INTERACTION_S
from control_plane.kit import crypto, queries
from control_plane.kit.database import Connection, Pool
from control_plane.oauth.authorize.records import AuthorizationRequest

_SQL = queries.load("control_plane.oauth.authorize.interactions")
_CREATE, _FIND, _END, _PRUNE = _SQL["create"], _SQL["find"], _SQL["end"], _SQL["prune"]


@dataclass(frozen=True, slots=True)
class Interaction:
    """`id` is a secret that the pages carry; only its digest is stored."""

    id: str
    request: AuthorizationRequest
    started_at: datetime


async def create(source: Connection | Pool, request: AuthorizationRequest, browser: str) -> str:
    """Store a request; returns the interaction's id. Only this browser may continue it."""
    interaction_id = crypto.create_secret()
    text = json.dumps(dataclasses.asdict(request))
    digests = crypto.digest(interaction_id), crypto.digest(browser)
    await source.execute(_CREATE, *digests, text, INTERACTION_S)
    return interaction_id


async def find(source: Connection | Pool, interaction_id: str, browser: str) -> Interaction | None:
    """None when it has ended or belongs to another browser."""
    digests = crypto.digest(interaction_id), crypto.digest(browser)
    row = await source.fetchrow(_FIND, *digests)
    if row is None:
        return None
    return Interaction(interaction_id, _request(row["request"]), row["started_at"])


async def end(source: Connection | Pool, interaction_id: str) -> bool:
    """End it. True for the one caller that did."""
    return await source.fetchval(_END, crypto.digest(interaction_id)) is not None


async def prune(source: Connection | Pool) -> None:
    """Delete abandoned interactions."""
    await source.execute(_PRUNE)


def _request(text: str) -> AuthorizationRequest:
    values = json.loads(text)
    for name in ("scopes", "prompts", "acr_values"):
        values[name] = tuple(values.get(name, ()))
    return AuthorizationRequest(**values)
