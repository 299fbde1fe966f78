"""Sign-in for a native application (RFC 8252): the system's browser, PKCE, and a loopback address
that listens for one answer on a port of the system's choice.
"""

import base64
import hashlib
import http.server
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
import webbrowser

CLIENT = "textassistant-desktop"
SCOPE = "openid email offline_access llm.inference models.read credits.read user.info"
_WAIT_S = 300


class SignInFailed(Exception):
    """The text says why."""


class _Listener(http.server.HTTPServer):
    answer: dict[str, str] | None = None
    timeout = _WAIT_S


class _Page(http.server.BaseHTTPRequestHandler):
    server: _Listener

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        if address.path != "/callback":
            self.send_error(404)
            return
        self.server.answer = dict(urllib.parse.parse_qsl(address.query))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"You can close this window and go back to the application.")

    def log_message(self, *_: object) -> None:
        """The address holds the code: it is not for a log."""


def sign_in(issuer: str) -> dict:
    """Tokens. Raises SignInFailed."""
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    with _Listener(("127.0.0.1", 0), _Page) as listener:
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
        webbrowser.open(f"{issuer}/oauth/authorize?{urllib.parse.urlencode(asked)}")
        listener.handle_request()
        answer = listener.answer
    code = _check(answer, state, issuer)
    exchange = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    return ask_tokens(issuer, {**exchange, "redirect_uri": redirect_uri})


def ask_tokens(issuer: str, form: dict[str, str]) -> dict:
    """The token endpoint. Raises SignInFailed when it says no."""
    return json.loads(_post(f"{issuer}/oauth/token", form))


def revoke(issuer: str, refresh_token: str) -> None:
    """Signed out here and there."""
    _post(f"{issuer}/oauth/revoke", {"token": refresh_token})


def _check(answer: dict[str, str] | None, state: str, issuer: str) -> str:
    """The code, if the answer is to our own question and from whom we asked (RFC 9207)."""
    if answer is None:
        raise SignInFailed("nobody signed in")
    if answer.get("state") != state or answer.get("iss") != issuer:
        raise SignInFailed("an answer came that was not to our question")
    if "code" not in answer:
        raise SignInFailed(answer.get("error_description", "refused"))
    return answer["code"]


def _post(url: str, form: dict[str, str]) -> bytes:
    body = urllib.parse.urlencode({"client_id": CLIENT, **form}).encode()
    try:
        with urllib.request.urlopen(url, body, timeout=30) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        raise SignInFailed(json.load(error).get("error_description", error.reason)) from error
