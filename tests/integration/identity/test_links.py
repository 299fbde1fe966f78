"""Every address that is handed out leads to a page or an endpoint of this origin."""

import inspect
from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.links import Links
from tests.integration.identity.browser import Browser

ORIGIN = "http://localhost:3000"
ENDPOINTS = ("authorize", "token", "userinfo", "jwks", "revoke", "logout", "device_authorization")
ARGUMENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "oauth": tuple((each,) for each in ENDPOINTS),
    "device": ((), ("BCDF-GHJK",)),
}


def _all() -> list[str]:
    """Every method of `Links` with arguments; a new one is found by itself."""
    found = []
    for name, method in inspect.getmembers(Links, inspect.isfunction):
        if name.startswith("_"):
            continue
        required = len(inspect.signature(method).parameters) - 1
        for arguments in ARGUMENTS.get(name, (("secret",) * required,)):
            link: Any = getattr(Links(ORIGIN), name)(*arguments)
            found.append(link)
    return found


@pytest.mark.parametrize("link", _all())
async def test_a_link_leads_somewhere(browser: Browser, link: str) -> None:
    parts = urlsplit(link)
    assert f"{parts.scheme}://{parts.netloc}" == ORIGIN
    page = await browser.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    # An endpoint for POST says so; a page for a signed-in user redirects to the login.
    assert page.status != 404, page.text
    assert page.status < 500, page.text


async def test_the_pricing_page_shows_every_plan(browser: Browser) -> None:
    page = await browser.get("/pricing")
    assert page.status == 200
    for text in ("Free", "Pro", "Enterprise", "No charge", "$29.99 per month", "$199.00 per month"):
        assert text in page.text
