"""Sign-in for a native application (RFC 8252): the system's browser, PKCE, and a loopback address
that listens for one answer on a port of the system's choice.
"""

import base64
import hashlib
import http.server
import json
import queue
import secrets
import threading
import urllib.error
import urllib.parse
import urllib.request
import webbrowser
from typing import Any

import refusals

CLIENT = "textassistant-desktop"
SCOPE = "openid email offline_access llm.inference models.read credits.read user.info"
_WAIT_S = 300


class SignInFailed(Exception):
    """The text says why; `code` is OAuth's word for it, when the server said one."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


class _Listener(http.server.ThreadingHTTPServer):
    """A thread per connection, for browsers open some that they never use."""

    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.state = state
        self.answers: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()


class _Page(http.server.BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        """Takes the answer to our own question; whatever else calls does not end the wait."""
        address = urllib.parse.urlsplit(self.path)
        answer = dict(urllib.parse.parse_qsl(address.query))
        ours = secrets.compare_digest(answer.get("state", "").encode(), self.server.state.encode())
        if address.path != "/callback" or not ours:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"You can close this window and go back to the application.")
        self.server.answers.put(answer)

    def log_message(self, *_: object) -> None:
        """The address holds the code: it is not for a log."""


def sign_in(issuer: str) -> dict[str, Any]:
    """Tokens. Raises SignInFailed."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    with _Listener(state) as listener:
        redirect_uri = f"http://127.0.0.1:{listener.server_port}/callback"
        asked = {
            "client_id": CLIENT,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        answer = _ask_person(listener, f"{issuer}/oauth/authorize?{urllib.parse.urlencode(asked)}")
    code = _check(answer, issuer)
    exchange = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return ask_tokens(issuer, {**exchange, "redirect_uri": redirect_uri})


def ask_tokens(issuer: str, form: dict[str, str]) -> dict[str, Any]:
    """The token endpoint. Raises SignInFailed when it says no."""
    tokens: dict[str, Any] = json.loads(_post(f"{issuer}/oauth/token", form))
    return tokens


def revoke(issuer: str, refresh_token: str) -> None:
    """Signed out here and there."""
    _post(f"{issuer}/oauth/revoke", {"token": refresh_token})


def _ask_person(listener: _Listener, url: str) -> dict[str, str]:
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        if not webbrowser.open(url):
            print(f"Open this address to sign in: {url}")
        return listener.answers.get(timeout=_WAIT_S)
    except queue.Empty:
        raise SignInFailed("nobody signed in") from None
    finally:
        listener.shutdown()


def _check(answer: dict[str, str], issuer: str) -> str:
    """The code, if the answer is from whom we asked (RFC 9207)."""
    if answer.get("iss") != issuer:
        raise SignInFailed(f"an answer came that was not from {issuer}")
    if "code" not in answer:
        said = answer.get("error", "")
        raise SignInFailed(answer.get("error_description") or said or "refused", said)
    return answer["code"]


def _post(url: str, form: dict[str, str]) -> bytes:
    """OAuth's refusals as SignInFailed; Refused when the service is away or out of order."""
    body = urllib.parse.urlencode({"client_id": CLIENT, **form}).encode()
    try:
        with urllib.request.urlopen(url, body, timeout=30) as response:
            answer: bytes = response.read()
            return answer
    except urllib.error.HTTPError as error:
        if error.code not in {400, 401}:
            raise refusals.read(error) from error
        said = json.load(error)
        raise SignInFailed(said.get("error_description", error.reason), said["error"]) from error
