"""Script calls on a Redis or Valkey cluster: each goes to the node that has its shard.

An account's keys share a hash tag, so every call is one node's. Calls are not gathered into
pipelines here: they would have to be sorted by node first, and the client does not do that.
"""

from collections.abc import Sequence
from typing import Any

from redis.asyncio.cluster import RedisCluster
from redis.exceptions import ClusterError, NoScriptError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.calls import Argument, LedgerAway
from shared.scripts import Script

_AWAY = (RedisConnectionError, RedisTimeoutError, ClusterError, OSError)


class ClusterCalls:
    """`call` returns one script's answer, from whichever node it belongs to."""

    def __init__(self, redis: RedisCluster) -> None:
        self._redis = redis

    async def call(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """The script's answer. Raises LedgerAway, or RedisError for a script that is at fault."""
        try:
            return await self._evaluate(script, keys, args)
        except NoScriptError:
            await self._redis.script_load(script.text)
            return await self._evaluate(script, keys, args)
        except _AWAY as error:
            raise LedgerAway(str(error)) from error

    async def _evaluate(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        return await self._redis.execute_command("EVALSHA", script.sha, len(keys), *keys, *args)
