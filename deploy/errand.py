"""A part without a process: something to be done once, between others, when the product starts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from deploy.child import Awaited, StartFailed, Watcher


class Errand:
    """Runs `work` when all it needs is ready; then it is ready for good."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[None]], needs: tuple[str, ...]
    ) -> None:
        self.name, self.needs = name, needs
        self.is_ready = asyncio.Event()
        self.lost = asyncio.Event()
        self._work = work

    async def keep(self, watcher: Watcher, others: Mapping[str, Awaited]) -> None:
        """Raises StartFailed with what went wrong."""
        for name in self.needs:
            await others[name].is_ready.wait()
        began = asyncio.get_running_loop().time()
        try:
            await self._work()
        except Exception as error:
            # Whatever it is, it ends the start, in its own words.
            raise StartFailed(f"{self.name}: {type(error).__name__}: {error}") from error
        self.is_ready.set()
        watcher.ready(self.name, asyncio.get_running_loop().time() - began)
