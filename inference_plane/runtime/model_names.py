"""Names the models that a caller may have meant by a name that no model has."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference_plane.runtime import scripts
from inference_plane.runtime.directory import Directory
from shared import keyspace
from shared.calls import LedgerAway, ScriptCalls
from shared.catalogue import Model
from shared.errors import ModelNotFound

NEAREST = 3
_CUTOFF = 0.3
"""How alike two names must be, from 0 to 1, as `difflib` counts."""

_NAME_MAX = 200
"""Longer names are like no model's, and slow to compare."""


@dataclass(frozen=True, slots=True)
class ModelNames:
    """Compares names, and asks Redis for the tier of an account."""

    directory: Directory
    calls: ScriptCalls

    async def not_found(self, name: str, account: str) -> ModelNotFound:
        """The error for a name, with the nearest ids and whether the account may use each."""
        found = nearest(name, self.directory.models, self.directory.aliases)
        rank = await self._rank(account) if found else None
        details = [
            {
                "id": each,
                "required_tier": model.required_tier,
                "access_status": _access(model, rank),
            }
            for each, model in found
        ]
        hint = f" Similar models: {', '.join(_described(each) for each in details)}."
        message = f"The model `{name}` does not exist.{hint if details else ''}"
        return ModelNotFound(message, param="model", details={"similar_models": details})

    async def _rank(self, account: str) -> int | None:
        """None if the account is not in Redis, or Redis does not answer."""
        shard = keyspace.shard_of(account)
        keys = [
            keyspace.account_key(account),
            keyspace.tiers_key(shard),
            keyspace.meta_key(shard),
        ]
        try:
            outcome, rank = await self.calls.call(scripts.ACCOUNT_RANK, keys, [])
        except LedgerAway:
            return None
        return int(rank) if outcome == b"found" else None


def nearest(
    name: str, models: Mapping[str, Model], aliases: Mapping[str, str]
) -> list[tuple[str, Model]]:
    """The available models whose ids or other names are most like `name`, by their ids or names."""
    known = {each: model for each, model in models.items() if model.available}
    named = known | {alias: known[of] for alias, of in aliases.items() if of in known}
    found = difflib.get_close_matches(name[:_NAME_MAX], named, 3 * NEAREST, _CUTOFF)
    first: dict[str, str] = {}
    for each in found:
        first.setdefault(named[each].id, each)
    return [(each, known[of]) for of, each in list(first.items())[:NEAREST]]


def _access(model: Model, rank: int | None) -> str | None:
    if rank is None:
        return None
    return "allowed" if rank >= model.rank else "upgrade_required"


def _described(similar: Mapping[str, Any]) -> str:
    if similar["access_status"] != "upgrade_required":
        return f"`{similar['id']}`"
    return f"`{similar['id']}` (requires the {similar['required_tier']} plan)"
