"""A browser that runs no script: it keeps cookies, follows redirects to us, and submits forms; and
an application that sends people to it.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

CLIENT = "textassistant-desktop"
CALLBACK = "http://localhost:8080/callback"
SCOPE = "openid email profile offline_access llm.inference user.info"
PASSWORD = "correct horse battery"

Client = TestClient[web.Request, web.Application]


class Forms(HTMLParser):
    """The first form of a page: where it goes, and its fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action, self.passwords, self.over = "", 0, False
        self.fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and not self.over:
            self.action = given.get("action") or ""
        if tag == "input" and given.get("name") and not self.over:
            self.fields[str(given["name"])] = given.get("value") or ""
            self.passwords += given.get("type") == "password"

    def handle_endtag(self, tag: str) -> None:
        self.over = self.over or tag == "form"


@dataclass
class Page:
    status: int
    text: str
    headers: Any
    location: str

    @property
    def query(self) -> dict[str, str]:
        """What a redirect carries."""
        return dict(parse_qsl(urlsplit(self.location).query))


@dataclass
class Browser:
    """`cookies` are kept by name; the client under it keeps none."""

    client: Client
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)

    async def get(self, path: str, **query: str) -> Page:
        address = f"{path}?{urlencode(query)}" if query else path
        return await self._ask("GET", address, None, {})

    async def post(self, path: str, form: Any, **headers: str) -> Page:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._ask("POST", path, urlencode(form), named)

    async def submit(self, page: Page, **fields: str) -> Page:
        form = Forms(page.text)
        return await self.post(form.action, {**form.fields, **fields})

    async def follow(self, page: Page) -> Page:
        """Redirects, as long as they stay with us."""
        while page.status == 303 and page.location.startswith("/"):
            page = await self._ask("GET", page.location, None, {})
        return page

    async def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Page:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        answer = await self.client.request(
            method, path, data=body, headers={**sent, **headers}, allow_redirects=False
        )
        self._keep(answer)
        text = await answer.text()
        return Page(answer.status, text, answer.headers, answer.headers.get("Location", ""))

    def _keep(self, answer: ClientResponse) -> None:
        self.set_cookies = answer.headers.getall("Set-Cookie", [])
        for name, morsel in answer.cookies.items():
            self.cookies[name] = morsel.value
            if not morsel.value:
                del self.cookies[name]


@dataclass
class App:
    """An application: its requests, with PKCE, and its calls to the token endpoint."""

    client: Client
    client_id: str = CLIENT
    redirect_uri: str = CALLBACK
    secret: str = ""
    scope: str = SCOPE
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(8))

    def request(self, **changed: str | None) -> dict[str, str]:
        """The parameters of a request for authorization; None leaves one out."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        parameters: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": self.scope,
            "state": self.state,
            "nonce": "n-1",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **changed,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    async def exchange(self, code: str, **changed: str | None) -> tuple[int, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            **changed,
        }
        return await self.token(form)

    async def refresh(self, refresh_token: str, **changed: str | None) -> tuple[int, Any]:
        return await self.token(
            {"grant_type": "refresh_token", "refresh_token": refresh_token, **changed}
        )

    async def token(self, form: dict[str, str | None]) -> tuple[int, Any]:
        return await self.call("/oauth/token", form)

    async def call(self, path: str, form: dict[str, str | None]) -> tuple[int, Any]:
        whole = {"client_id": self.client_id, **form}
        if self.secret:
            whole = {"client_secret": self.secret, **whole}
        sent = {name: value for name, value in whole.items() if value is not None}
        async with self.client.post(path, data=sent) as answer:
            return answer.status, await answer.json()

    async def userinfo(self, access_token: str) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {access_token}"}
        async with self.client.get("/oauth/userinfo", headers=headers) as answer:
            return answer.status, await answer.json()


async def sign_in(browser: Browser, app: App, email: str, **changed: str | None) -> Page:
    """Login page, consent page, and the redirect back to the application."""
    page = await browser.follow(await browser.get("/oauth/authorize", **app.request(**changed)))
    if "/login" in page.text:
        page = await browser.submit(page, email=email, password=PASSWORD)
        page = await browser.follow(page)
    if "Allow" in page.text:
        page = await browser.submit(page, decision="allow")
    return page


async def tokens(browser: Browser, app: App, email: str) -> dict[str, Any]:
    """A whole login."""
    page = await sign_in(browser, app, email)
    status, body = await app.exchange(page.query["code"])
    assert status == 200, body
    return dict(body)
