"""Sends what is due. A mail server that refuses or is away is tried again, later and later.

A mail may go out twice when the process dies between its sending and the commit; never not at all.
"""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog

from control_plane.kit.database import Pool, transaction
from control_plane.notifications import outbox
from control_plane.notifications.outbox import Mail

_TIMEOUT_S = 20

log = structlog.get_logger()


class Mailer:
    """`url` is smtp://user:password@host:port, or smtps:// for TLS from the first byte."""

    def __init__(self, pool: Pool, url: str, sender: str) -> None:
        self._pool, self._sender = pool, sender
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "localhost", parts.port
        self._tls = parts.scheme == "smtps"
        self._name = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send_due(self) -> None:
        """One batch."""
        async with transaction(self._pool) as connection:
            for mail in await outbox.take_due(connection):
                try:
                    await self._send(mail)
                except (aiosmtplib.SMTPException, OSError) as error:
                    log.warning("mail.put_off", mail=mail.id, kind=type(error).__name__)
                    await outbox.put_off(connection, mail)
                else:
                    await outbox.note_sent(connection, mail)

    async def _send(self, mail: Mail) -> None:
        await aiosmtplib.send(
            _write(self._sender, mail),
            hostname=self._host,
            port=self._port,
            username=self._name,
            password=self._password,
            use_tls=self._tls,
            timeout=_TIMEOUT_S,
        )


def _write(sender: str, mail: Mail) -> EmailMessage:
    """Both its parts; the reader's program shows the one it can. No robot shall answer."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message
