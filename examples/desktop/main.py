"""Asks one question and prints the answer as it comes. See README.md."""

import argparse
import http.client
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator

import refusals
import vault
from refusals import Refused
from sign_in import SignInFailed, ask_tokens, revoke, sign_in

STOPPED = 130  # what a shell expects of a program ended by Ctrl-C


class Session:
    """Tokens for one server: fetched when first needed, refreshed once on a 401."""

    def __init__(self, server: str, access_token: str = "") -> None:
        self._server, self._access_token = server, access_token

    def stream(self, question: str, model: str) -> Iterator[str]:
        """Pieces of the answer. Raises Refused, at its start or in its middle, or SignInFailed."""
        if not self._access_token:
            self._renew()
        try:
            response = self._ask(question, model)
        except Refused as refused:
            if refused.code != "unauthorized":
                raise
            self._renew()
            response = self._ask(question, model)
        # Leaving this block closes the connection: the server stops the model there.
        with response:
            yield from _pieces(response)

    def sign_out(self) -> None:
        """Ends the session on the server, and forgets it here."""
        kept = vault.find(self._server)
        if kept:
            revoke(self._server, kept)
            vault.put(self._server, None)

    def _renew(self) -> None:
        """By the refresh token; by the browser where there is none that works."""
        kept = vault.find(self._server)
        tokens = self._refresh(kept) if kept else None
        tokens = tokens or sign_in(self._server)
        vault.put(self._server, tokens["refresh_token"])
        self._access_token = tokens["access_token"]

    def _refresh(self, kept: str) -> dict[str, str] | None:
        """None when the session is over. A server that is merely away raises: it ends nothing."""
        try:
            form = {"grant_type": "refresh_token", "refresh_token": kept}
            return ask_tokens(self._server, form)
        except SignInFailed as failure:
            if failure.code != "invalid_grant":
                raise
        print("Your session has ended: sign in again in the browser.", file=sys.stderr)
        vault.put(self._server, None)
        return None

    def _ask(self, question: str, model: str) -> http.client.HTTPResponse:
        messages = [{"role": "user", "content": question}]
        body = {"model": model, "stream": True, "messages": messages}
        headers = {
            "Authorization": f"Bearer {self._access_token}",
            "Content-Type": "application/json",
        }
        url = f"{self._server}/v1/chat/completions"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        try:
            response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=300)
        except urllib.error.HTTPError as error:
            raise refusals.read(error) from error
        return response


def _pieces(lines: Iterable[bytes]) -> Iterator[str]:
    """Up to [DONE]; a stream that ends without it was cut."""
    for line in lines:
        if not line.startswith(b"data: "):
            continue
        if line.strip() == b"data: [DONE]":
            return
        frame = json.loads(line[6:])
        if "error" in frame:
            raise Refused(frame["error"])
        for choice in frame.get("choices", []):
            yield choice.get("delta", {}).get("content") or ""
    raise Refused({"message": "The answer broke off."})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question", nargs="?", default="Hello!")
    parser.add_argument("--server", default="http://localhost:3000")
    parser.add_argument("--model", default="gpt-5")
    parser.add_argument("--sign-out", action="store_true")
    return parser.parse_args()


def _run(given: argparse.Namespace) -> None:
    session = Session(given.server.rstrip("/"))
    if given.sign_out:
        session.sign_out()
        return
    for piece in session.stream(given.question, given.model):
        print(piece, end="", flush=True)
    print()


def main() -> int:
    """0 for a whole answer; else the reason on stderr."""
    try:
        _run(_options())
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return STOPPED
    except SignInFailed as failure:
        print(f"Not signed in: {failure}.", file=sys.stderr)
    except Refused as refused:
        print(f"\n{refused}", file=sys.stderr)
    except (OSError, http.client.HTTPException) as lost:
        print(f"\nThe service cannot be reached: {lost}", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
