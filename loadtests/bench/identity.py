"""`python -m loadtests.bench.identity`: the cost of a login and of a refresh, against `make up`.

Latency through the edge in milliseconds, and the CPU time of the control plane's process. Requests
are sequential, so nothing queues.
"""

import argparse
import asyncio
import base64
import hashlib
import html
import re
import secrets
import statistics
import time
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp
import psutil

_APP = {"client_id": "textassistant-desktop", "redirect_uri": "http://localhost:8080/callback"}
_DEMO = {"email": "demo@example.com", "password": "headrace-demo-password"}


class Desktop:
    """One user's application, with a browser of its own."""

    def __init__(self, session: aiohttp.ClientSession, origin: str) -> None:
        self._session, self._origin = session, origin
        self._refresh_token = ""

    async def login(self) -> None:
        """Authorize, sign in, consent, exchange: five requests."""
        self._session.cookie_jar.clear()
        verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "scope": "openid email offline_access",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        url = urljoin(self._origin, "/oauth/authorize")
        async with self._session.get(url, params={**_APP, **query}) as answer:
            page = await answer.text()
        location = await self._submit(page, _DEMO)
        async with self._session.get(urljoin(self._origin, location)) as answer:
            page = await answer.text()
        back = await self._submit(page, {"decision": "allow"})
        code = dict(parse_qsl(urlsplit(back).query))["code"]
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        await self._token(form)

    async def refresh(self) -> None:
        await self._token({"grant_type": "refresh_token", "refresh_token": self._refresh_token})

    async def _submit(self, page: str, fields: dict[str, str]) -> str:
        """Where the form's answer redirects."""
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action is not None, page
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
        form = {**{name: html.unescape(value) for name, value in hidden}, **fields}
        url = urljoin(self._origin, action[1])
        async with self._session.post(url, data=form, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            return answer.headers["Location"]

    async def _token(self, form: dict[str, str]) -> None:
        url = urljoin(self._origin, "/oauth/token")
        async with self._session.post(url, data={**_APP, **form}) as answer:
            body = await answer.json()
            assert answer.status == 200, body
        self._refresh_token = body["refresh_token"]


async def measure(name: str, times: int, act: Callable[[], Awaitable[None]]) -> None:
    """Prints one line."""
    web = _control_plane()
    before, taken = sum(web.cpu_times()[:2]), []
    for _ in range(times):
        started = time.perf_counter()
        await act()
        taken.append((time.perf_counter() - started) * 1000)
    cpu = (sum(web.cpu_times()[:2]) - before) * 1000 / times
    middle, worst = statistics.median(taken), max(taken)
    print(f"{name:<8} {middle:6.1f} ms median, {worst:6.1f} ms worst, {cpu:6.1f} ms of CPU")


def _control_plane() -> psutil.Process:
    """The one web process of this machine."""
    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[1:] == ["-m", "control_plane", "web"]:
            return process
    raise SystemExit("no control plane runs here: `make up` first")


async def run(origin: str, times: int) -> None:
    async with aiohttp.ClientSession() as session:
        desktop = Desktop(session, origin)
        await desktop.login()
        await measure("login", times, desktop.login)
        await measure("refresh", times, desktop.refresh)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:3000")
    parser.add_argument("--times", type=int, default=30)
    given = parser.parse_args()
    asyncio.run(run(given.url, given.times))


if __name__ == "__main__":
    main()
