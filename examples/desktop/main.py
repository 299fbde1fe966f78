"""Asks one question and prints the answer as it comes. See README.md."""

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import vault
from sign_in import SignInFailed, ask_tokens, revoke, sign_in

ADVICE = {
    "insufficient_credits": "Your credits are used up: buy more, or wait for the next period.",
    "model_access_restricted": "Your plan does not include this model.",
    "rate_limit_exceeded": "Too many requests: try again in a moment.",
    "service_unavailable": "The service is away for a moment: try again.",
}


class Session:
    """Tokens for one server: fetched when first needed, refreshed once on a 401."""

    def __init__(self, server: str) -> None:
        self._server, self._access_token = server, ""

    def stream(self, question: str, model: str) -> Iterator[str]:
        """Pieces of the answer. Raises urllib's HTTPError, or SignInFailed."""
        if not self._access_token:
            self._renew()
        try:
            response = self._ask(question, model)
        except urllib.error.HTTPError as error:
            if error.code != 401:
                raise
            self._renew()
            response = self._ask(question, model)
        with response:
            yield from _pieces(response)

    def sign_out(self) -> None:
        kept = vault.find(self._server)
        if kept:
            revoke(self._server, kept)
            vault.put(self._server, None)

    def _renew(self) -> None:
        """By the refresh token; by the browser where there is none that works."""
        kept = vault.find(self._server)
        try:
            if not kept:
                raise SignInFailed("not signed in yet")
            form = {"grant_type": "refresh_token", "refresh_token": kept}
            tokens = ask_tokens(self._server, form)
        except SignInFailed:
            tokens = sign_in(self._server)
        vault.put(self._server, tokens["refresh_token"])
        self._access_token = tokens["access_token"]

    def _ask(self, question: str, model: str) -> object:
        messages = [{"role": "user", "content": question}]
        body = {"model": model, "stream": True, "messages": messages}
        headers = {
            "Authorization": f"Bearer {self._access_token}",
            "Content-Type": "application/json",
        }
        url = f"{self._server}/v1/chat/completions"
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        return urllib.request.urlopen(request, timeout=300)


def _pieces(lines: Iterator[bytes]) -> Iterator[str]:
    for line in lines:
        if not line.startswith(b"data: ") or line.strip() == b"data: [DONE]":
            continue
        frame = json.loads(line[6:])
        if "error" in frame:
            raise SystemExit(f"\nThe answer broke off: {frame['error']['message']}")
        for choice in frame.get("choices", []):
            yield choice.get("delta", {}).get("content") or ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question", nargs="?", default="Hello!")
    parser.add_argument("--server", default="http://localhost:3000")
    parser.add_argument("--model", default="gpt-5")
    parser.add_argument("--sign-out", action="store_true")
    given = parser.parse_args()
    session = Session(given.server)
    try:
        if given.sign_out:
            session.sign_out()
            return 0
        for piece in session.stream(given.question, given.model):
            print(piece, end="", flush=True)
        print()
    except KeyboardInterrupt:
        print("\nStopped.")
    except SignInFailed as failure:
        print(f"Not signed in: {failure}.", file=sys.stderr)
        return 1
    except urllib.error.HTTPError as error:
        refusal = json.load(error)["error"]
        print(ADVICE.get(refusal["code"], refusal["message"]), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
