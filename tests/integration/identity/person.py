"""What a person does in a browser, by the words on the page; and an application on the person's own
machine, which waits for the answer.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from tests.integration.identity.browser import PASSWORD, App

_THANKS = '<!doctype html><title>Done</title><link rel="icon" href="data:,"><h1>Go back</h1>'


@dataclass
class Listener:
    """Where a desktop application takes its answer: a port of loopback."""

    uri: str = ""
    heard: asyncio.Queue[dict[str, str]] = field(default_factory=asyncio.Queue)

    async def answer(self, request: web.Request) -> web.Response:
        given = await request.post() if request.method == "POST" else request.query
        await self.heard.put({name: str(value) for name, value in given.items()})
        return web.Response(text=_THANKS, content_type="text/html")


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener, app = Listener(), web.Application()
    app.router.add_route("*", "/callback", listener.answer)
    async with TestServer(app) as server:
        listener.uri = f"http://localhost:{server.port}/callback"
        yield listener


def request_of(app: App, **changed: str | None) -> str:
    """Where the application sends its user."""
    return f"/oauth/authorize?{urlencode(app.request(**changed))}"


async def press(tab: Page, name: str) -> None:
    await tab.get_by_role("button", name=name, exact=True).click()


async def sign_in(tab: Page, email: str, password: str = PASSWORD) -> None:
    """On the page that asks for it."""
    await tab.get_by_label("E-mail address").fill(email)
    await tab.get_by_label("Password").fill(password)
    await press(tab, "Sign in")


async def open_account(tab: Page, email: str, password: str = PASSWORD) -> None:
    await tab.goto("/login")
    await sign_in(tab, email, password)
    await expect(tab.get_by_role("heading", name="Your account")).to_be_visible()


async def open_mailbox(tab: Page, subject: str) -> None:
    """Once a mail with this subject is in it."""
    for _ in range(100):
        await tab.goto("/dev/mailbox")
        if await tab.get_by_role("article").filter(has_text=subject).count():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"no mail about {subject}")


async def open_mail(tab: Page, subject: str, recipient: str, button: str) -> None:
    """The newest with this subject to this address, as a mail program shows it; presses a button in
    it, as it is a link.
    """
    await open_mailbox(tab, subject)
    emails = tab.get_by_role("article").filter(has_text=f"to {recipient},")
    await emails.filter(has_text=subject).get_by_role("link", name="as HTML").first.click()
    await tab.get_by_role("link", name=button).click()
