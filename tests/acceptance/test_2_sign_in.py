"""A desktop user signs in through the edge, streams, refreshes, signs out: out everywhere."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

from tests.acceptance.product import Product

CLIENT, CALLBACK = "textassistant-desktop", "http://localhost:49152/callback"
SCOPE = "openid email offline_access llm.inference credits.read user.info"
DEMO, PASSWORD = "demo@example.com", "headrace-demo-password"


class Person:
    """Submits the forms of pages, as a browser without scripts does."""

    def __init__(self, origin: str) -> None:
        self._origin, self._browser = origin, requests.Session()

    def open(self, url: str) -> str:
        """The page, after redirects of our own."""
        return self._browser.get(urljoin(self._origin, url), timeout=20).text

    def submit(self, page: str, **fields: str) -> requests.Response:
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action, page
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        url = urljoin(self._origin, action[1])
        form = {**dict(found), **fields}
        return self._browser.post(url, data=form, allow_redirects=False, timeout=20)

    def allow(self, url: str) -> str:
        """Signs in and consents; the address of the application it comes back to."""
        answer = self.submit(self.open(url), email=DEMO, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        back = self.submit(self.open(answer.headers["Location"]), decision="allow")
        return back.headers["Location"]


@pytest.fixture
def origin(product: Product) -> str:
    return f"http://localhost:{product.port}"


def until(done: Callable[[], bool], patience_s: int = 10) -> None:
    end = time.monotonic() + patience_s
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_authlibs_client_signs_in_refreshes_and_revokes(product: Product, origin: str) -> None:
    metadata = requests.get(f"{origin}/.well-known/openid-configuration", timeout=20).json()
    assert metadata["issuer"] == origin
    app = OAuth2Session(
        CLIENT,
        redirect_uri=CALLBACK,
        scope=SCOPE,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
        revocation_endpoint_auth_method="none",
    )
    verifier = generate_token(48)
    url, state = app.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier
    )
    back = Person(origin).allow(url)
    answered = dict(parse_qsl(urlsplit(back).query))
    assert (answered["state"], answered["iss"]) == (state, origin)
    endpoint = metadata["token_endpoint"]
    token = app.fetch_token(endpoint, authorization_response=back, code_verifier=verifier)
    assert app.get(metadata["userinfo_endpoint"]).json()["email"] == DEMO
    status, text = product.complete(token["access_token"])
    assert (status, text.rstrip()[-6:]) == (200, "[DONE]")
    fresh = app.refresh_token(endpoint, refresh_token=token["refresh_token"])
    assert fresh["refresh_token"] != token["refresh_token"]
    assert product.complete(fresh["access_token"])[0] == 200
    revoke: Callable[..., Any] = app.revoke_token
    revoke(metadata["revocation_endpoint"], token=fresh["refresh_token"])
    assert app.get(metadata["userinfo_endpoint"]).status_code == 401
    until(lambda: product.complete(fresh["access_token"])[0] == 401)


def test_pages_and_their_headers_pass_the_edge(product: Product, origin: str) -> None:
    answer = requests.get(f"{origin}/login", timeout=20)
    assert answer.status_code == 200
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    style = requests.get(f"{origin}/static/style.css", timeout=20)
    assert (style.status_code, style.headers["Content-Type"]) == (200, "text/css")


def test_sent_mail_is_in_the_mailbox(product: Product, origin: str) -> None:
    person = Person(origin)
    answer = person.submit(
        person.open("/register"), email="newcomer@example.com", password="some unusual words"
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    mailbox = person.open("/dev/mailbox")
    link = re.search(rf'href="({origin}/verify-email\?token=[\w-]+)"', mailbox)
    assert link
    assert "verified" in person.submit(person.open(link[1])).text


def test_a_token_of_the_command_line_is_a_session_that_can_be_ended(product: Product) -> None:
    token, other = product.token(), product.token()
    status, sessions = product.get("/v1/users/me/sessions", token)
    assert status == 200
    mine = next(each for each in sessions["data"] if each["current"])
    assert mine["user_agent"] == "headrace command line"
    answer = requests.delete(
        f"http://localhost:{product.port}/v1/users/me/sessions/{mine['id']}",
        headers={"Authorization": f"Bearer {other}"},
        timeout=20,
    )
    assert answer.status_code == 204
    until(lambda: product.complete(token)[0] == 401)
    assert product.complete(other)[0] == 200
