"""Users to sign in as under load, created through the command line."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from loadtests.stack import Stack

CREDITS = 1_000_000


def create(stack: Stack, count: int) -> list[str]:
    """Creates `count` enterprise users. Returns an access token for each."""
    run = secrets.token_hex(4)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda i: _create(stack, f"load-{run}-{i}@example.com"), range(count)))


def _create(stack: Stack, email: str) -> str:
    stack.command("user", "create", email, "--tier", "enterprise", "--credits", str(CREDITS))
    return stack.command("token", email).splitlines()[-1]
