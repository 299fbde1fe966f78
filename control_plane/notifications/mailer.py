"""Sends queued e-mail by SMTP and retries with backoff when the server refuses or is unreachable.

Delivery is at least once: an e-mail is sent again if the process dies between sending and commit.
An e-mail that the mail library would not send to exactly the queued address is discarded.
"""

import unicodedata
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib
import structlog
from aiosmtplib.email import extract_recipients
from email_validator import EmailNotValidError, validate_email

from control_plane.kit.database import Pool, transaction
from control_plane.notifications import outbox
from control_plane.notifications.outbox import QueuedEmail

_TIMEOUT_S = 20

log = structlog.get_logger()


class WrongRecipients(ValueError):
    """The message has not exactly one recipient, the queued one."""


class Mailer:
    """`url` is smtp://user:password@host:port, or smtps:// for implicit TLS (RFC 8314)."""

    def __init__(self, pool: Pool, url: str, sender: str) -> None:
        self._pool, self._sender = pool, sender
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "localhost", parts.port
        self._tls = parts.scheme == "smtps"
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send_due(self) -> None:
        """Send one batch."""
        async with transaction(self._pool) as connection:
            for email in await outbox.take_due(connection):
                try:
                    await self._send(email)
                except WrongRecipients:
                    log.error("email.discarded", email=email.id)
                    await outbox.discard(connection, email)
                except (aiosmtplib.SMTPException, OSError) as error:
                    log.warning("email.send_failed", email=email.id, kind=type(error).__name__)
                    await outbox.retry_later(connection, email)
                else:
                    await outbox.mark_sent(connection, email)

    async def _send(self, email: QueuedEmail) -> None:
        message = build_message(self._sender, email)
        await aiosmtplib.send(
            message,
            recipients=find_recipients(message),
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._tls,
            timeout=_TIMEOUT_S,
        )


def build_message(sender: str, email: QueuedEmail) -> EmailMessage:
    """multipart/alternative with text and HTML; Auto-Submitted suppresses replies (RFC 3834).

    Raises WrongRecipients. Pure.
    """
    recipient = _wire_address(email.recipient)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, email.subject
    message["Date"] = format_datetime(email.created_at)
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(email.body)
    if email.html:
        message.add_alternative(email.html, subtype="html")
    if find_recipients(message) != [recipient]:
        raise WrongRecipients
    return message


def find_recipients(message: EmailMessage) -> list[str]:
    """Whom the mail library sends the message to, by its own reading of the headers."""
    return extract_recipients(message)


def _wire_address(address: str) -> str:
    """The address with its domain in ASCII, as SMTP servers without SMTPUTF8 take it."""
    if unicodedata.normalize("NFKC", address) != address:
        raise WrongRecipients  # some server on the way might read a full-width comma as a comma
    try:
        valid = validate_email(address, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise WrongRecipients from error
    return f"{valid.local_part}@{valid.ascii_domain}"
