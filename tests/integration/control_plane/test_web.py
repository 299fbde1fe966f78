"""The web process as it is started: ready with its workers, ended by SIGTERM."""

import signal
from pathlib import Path

import aiohttp

from control_plane.container import Container
from control_plane.settings import Settings
from tests.integration.control_plane.processes import Process, running


async def test_web_is_ready_once_the_workers_are(
    settings: Settings, container: Container, tmp_path: Path
) -> None:
    workers = Process("workers", settings, tmp_path / "workers.log")
    web = Process("web", settings, tmp_path / "web.log", HEADRACE_WORKERS_URL=workers.url)
    await web.start()
    try:
        await web.ready("/health")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{web.url}/health/ready") as answer:
                assert answer.status == 503
        async with running(workers):
            await web.ready()
    finally:
        code = await web.end(signal.SIGTERM)
    assert code == 0
    assert "web.stopped" in web.read_log()
    assert settings.redis_url.get_secret_value() not in web.read_log()
