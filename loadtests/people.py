"""Users to sign in as under load, made and signed in by the command line."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from loadtests.stack import Stack

CREDITS = 1_000_000


def make(stack: Stack, count: int) -> list[str]:
    """That many fresh enterprise users; returns an access token for each."""
    run = secrets.token_hex(4)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda i: _make(stack, f"load-{run}-{i}@example.com"), range(count)))


def _make(stack: Stack, email: str) -> str:
    stack.command("user", "create", email, "--tier", "enterprise", "--credits", str(CREDITS))
    return stack.command("token", email).splitlines()[-1]
