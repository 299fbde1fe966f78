"""Work that runs once while the product starts, such as migrations: it has no process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from deploy.supervisor.service import Readiness, StartFailed, Watcher


class OneShot:
    """Runs `work` once everything in `needs` is ready, and is then ready itself."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[None]], needs: tuple[str, ...]
    ) -> None:
        self.name, self.needs = name, needs
        self.is_ready = asyncio.Event()
        self.lost = asyncio.Event()
        self._work = work

    async def run(self, watcher: Watcher, others: Mapping[str, Readiness]) -> None:
        """Raises StartFailed with the reason when `work` fails."""
        for name in self.needs:
            await others[name].is_ready.wait()
        began = asyncio.get_running_loop().time()
        try:
            await self._work()
        except Exception as error:
            # Any failure here ends the start, and its message is shown.
            raise StartFailed(f"{self.name}: {type(error).__name__}: {error}") from error
        self.is_ready.set()
        watcher.ready(self.name, asyncio.get_running_loop().time() - began)
