"""Chromium, as people have it: one for a whole worker, a window of its own for each test.

What went wrong on any page is remembered (errors in its console, among them what a content security
policy forbade; requests that failed; scripts that threw) and fails the test at its end.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
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

_REASON_BY_STATUS = "Failed to load resource: the server responded with a status of"
_LEFT = ("net::ERR_ABORTED", "net::ERR_UNKNOWN_URL_SCHEME")


@asynccontextmanager
async def running(binary: str) -> AsyncIterator[Browser]:
    """Starts Chromium, without a screen; as root it can have no sandbox."""
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=binary, args=flags)
        yield browser
        await browser.close()


@dataclass
class Windows:
    """Opens windows that share nothing: no cookies, no cache. `errors` is what went wrong."""

    browser: Browser
    base_url: str
    errors: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, **options: Any) -> Page:
        """A tab in a window of its own; options are those of playwright's `new_context`."""
        context = await self.browser.new_context(base_url=self.base_url, **options)
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        context.on("page", self._watch)
        return await context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"script: {error}"))
        page.on("requestfailed", self._fail)
        page.on("response", self._answer)

    def _hear(self, message: ConsoleMessage) -> None:
        """A page that answers 401 is not wrong for that; the rest of its requests are below."""
        if message.type == "error" and not message.text.startswith(_REASON_BY_STATUS):
            self.errors.append(f"console: {message.text}")

    def _fail(self, request: Request) -> None:
        """Not for a page that was left for an application of the desktop, or for the next one."""
        if request.failure not in _LEFT:
            self.errors.append(f"request: {request.url} {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.errors.append(f"response: {response.url} {response.status}")


@asynccontextmanager
async def opened(browser: Browser, base_url: str) -> AsyncIterator[Windows]:
    """Raises AssertionError at the end, with every fault."""
    mine = Windows(browser, base_url)
    yield mine
    for context in mine.contexts:
        await context.close()
    assert mine.errors == []
