"""Starts TensorZero's gateway from its wheel, in that wheel's own environment.

The gateway chooses its own port, whatever its configuration says, and stops when its Python object
is collected: its address is written to a file and the object is kept.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from tensorzero import _start_http_gateway  # type: ignore[import-not-found]


async def serve(config: str, tell: Callable[[str], object]) -> None:
    gateway = await _start_http_gateway(
        config_file=config,
        clickhouse_url=None,
        postgres_url=None,
        valkey_url=None,
        async_setup=True,
    )
    tell(gateway.base_url)
    await asyncio.Event().wait()
    gateway.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]).write_text))
