"""The mail that was queued, as the workers would have queued it by now."""

import re

from control_plane.container import Container
from control_plane.identity import recovery
from control_plane.notifications import outbox
from control_plane.notifications.outbox import QueuedEmail
from shared.links import Links

ISSUER = "http://localhost:3000"


async def letters(container: Container, issuer: str = ISSUER) -> list[QueuedEmail]:
    """All of them, newest first; requested resets are worked off before."""
    await recovery.send_requested(container.pool, Links(issuer))
    return await outbox.list_recent(container.pool)


async def link(container: Container, recipient: str, word: str) -> str:
    """The secret of the last mail to this address with that word in its subject."""
    for mail in await letters(container):
        found = re.search(r"token=([\w-]+)", mail.body)
        if mail.recipient == recipient and word in mail.subject and found:
            return found[1]
    raise AssertionError(f"no mail to {recipient} about {word}")
