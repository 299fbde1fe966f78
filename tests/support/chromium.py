"""Chromium, as people have it: one process for a whole worker, a window of its own for each test.

What went wrong on any page is remembered (errors in its console, among them what a content security
policy forbade; requests that failed; scripts that threw) and fails the test at its end.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    async_playwright,
)

_START_S = 30
_FLAGS = (
    "--headless",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_TOLD_BY_STATUS = "Failed to load resource: the server responded with a status of"
_LEFT = ("net::ERR_ABORTED", "net::ERR_UNKNOWN_URL_SCHEME")


@contextmanager
def running(binary: str) -> Iterator[str]:
    """Starts Chromium; the address its DevTools listen at, on loopback."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        flags = (*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else []))
        process = subprocess.Popen(
            [binary, *flags, f"--user-data-dir={folder}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _address(process, Path(folder) / "DevToolsActivePort")
        finally:
            process.terminate()
            process.wait(_START_S)


def _address(process: subprocess.Popen[bytes], told: Path) -> str:
    ends = time.monotonic() + _START_S
    while not (told.is_file() and told.read_text().count("\n")):
        if process.poll() is not None or time.monotonic() > ends:
            raise RuntimeError("Chromium did not start")
        time.sleep(0.05)
    return f"http://127.0.0.1:{told.read_text().splitlines()[0]}"


@dataclass
class Windows:
    """Opens windows that share nothing: no cookies, no cache. `faults` is what went wrong."""

    browser: Browser
    base_url: str
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, **options: Any) -> Page:
        """A tab in a window of its own; options are those of playwright's `new_context`."""
        context = await self.browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        context.on("page", self._watch)
        return await context.new_page()

    async def close(self) -> None:
        for context in self.contexts:
            await context.close()

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", self._fail)
        page.on("response", self._answer)

    def _hear(self, message: ConsoleMessage) -> None:
        """A page that answers 401 is not wrong for that; the rest of its requests are below."""
        if message.type == "error" and not message.text.startswith(_TOLD_BY_STATUS):
            self.faults.append(f"console: {message.text}")

    def _fail(self, request: Request) -> None:
        """Not for a page that was left for an application of the desktop, or for the next one."""
        if request.failure not in _LEFT:
            self.faults.append(f"request: {request.url} {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"response: {response.url} {response.status}")


@asynccontextmanager
async def windows(address: str, base_url: str) -> AsyncIterator[Windows]:
    """Of the Chromium at this address. Raises AssertionError at the end, with every fault."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(address)
        mine = Windows(browser, base_url)
        yield mine
        await mine.close()
        await browser.close()
    assert mine.faults == []
