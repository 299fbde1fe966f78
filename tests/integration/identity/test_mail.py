"""Mail goes out through a real SMTP conversation, and waits while there is nobody to talk to."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_string, policy

import pytest
from aiohttp.test_utils import TestClient, TestServer

from control_plane.app import build_app
from control_plane.container import Container
from control_plane.notifications import emails, outbox
from control_plane.notifications.emails import Email
from control_plane.notifications.mailer import Mailer
from control_plane.settings import Settings
from shared.links import Links


@dataclass
class MailServer:
    """Takes everything."""

    port: int = 0
    taken: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                self.taken.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    mine = MailServer()
    listening = await asyncio.start_server(mine.talk, "127.0.0.1", 0)
    mine.port = listening.sockets[0].getsockname()[1]
    yield mine
    listening.close()


async def test_mail_is_sent_once_and_its_links_forgotten(
    server: MailServer, container: Container
) -> None:
    email = emails.reset_password("https://x.example/?token=s&a=<b>")
    await outbox.enqueue(container.pool, "ada@example.com", email)
    mailer = Mailer(container.pool, f"smtp://127.0.0.1:{server.port}", "Us <us@example.com>")
    await mailer.send_due()
    await mailer.send_due()
    assert len(server.taken) == 1
    sent = message_from_string(server.taken[0].removesuffix(".\r\n"), policy=policy.default)
    assert (sent["To"], sent["From"]) == ("ada@example.com", "Us <us@example.com>")
    assert sent["Message-ID"].endswith("@example.com>")
    assert (sent["Subject"], sent.get_content_type()) == (
        email.subject,
        "multipart/alternative",
    )
    text, html = sent.iter_parts()
    assert "https://x.example/?token=s&a=<b>\r\n" in text.get_content()
    assert 'href="https://x.example/?token=s&amp;a=&lt;b&gt;"' in html.get_content()
    [kept] = await outbox.list_recent(container.pool)
    assert (kept.body, kept.html) == ("", "")


def test_every_letter_says_the_same_as_text_and_as_html() -> None:
    link = "https://x.example/page?token=s"
    every = (
        emails.verify_email(link),
        emails.reset_password(link),
        emails.confirm_email_change(link),
        emails.email_change_notice("new@example.com", link),
        emails.email_changed_notice("n@x.io", link),
        emails.password_changed_notice(Links(link)),
        emails.account_deleted_notice(Links(link)),
        emails.security_notice("A key was added", "Somebody added <a key>.", Links(link)),
    )
    for email in every:
        assert link in email.body
        assert email.html.count(f'href="{link}') == 2
        assert email.subject in email.html
        assert "<img" not in email.html
    assert "Somebody added <a key>." in every[-1].body
    assert "Somebody added &lt;a key&gt;." in every[-1].html


async def test_mail_waits_for_its_server(container: Container, free_port: int) -> None:
    await outbox.enqueue(
        container.pool, "ada@example.com", emails.reset_password("https://x.example/")
    )
    await Mailer(container.pool, f"smtp://127.0.0.1:{free_port}", "us@example.com").send_due()
    row = await container.pool.fetchrow(
        "SELECT attempts, sent_at, due_at > now() AS l FROM email_outbox"
    )
    assert row is not None
    assert (row["attempts"], row["sent_at"], row["l"]) == (1, None, True)


async def test_the_mailbox_exists_only_if_enabled(settings: Settings, container: Container) -> None:
    email = Email("Hello <b>", "http://x.example/a?b=c", "<p>http://x.example/</p>")
    await outbox.enqueue(container.pool, "ada@example.com", email)
    for wanted, status in ((False, 404), (True, 200)):
        chosen = settings.model_copy(update={"mailbox": wanted})
        async with TestClient(TestServer(build_app(chosen, container))) as client:
            async with client.get("/dev/mailbox") as answer:
                assert answer.status == status
                text = await answer.text()
            async with client.get("/dev/mailbox/1") as answer:
                assert answer.status == status
                shown, rights = await answer.text(), answer.headers.get("Content-Security-Policy")
    assert "Hello &lt;b&gt;" in text
    assert 'href="http://x.example/a?b=c"' in text
    assert (shown, rights and rights.split(" ")[0]) == (email.html, "sandbox")


async def test_mail_for_two_is_never_sent_and_holds_up_nothing(
    server: MailServer, container: Container
) -> None:
    email = emails.reset_password("https://x.example/")
    for recipient in ("ada@example.com, eve@example.com", "ada@example.com"):
        await outbox.enqueue(container.pool, recipient, email)
    mailer = Mailer(container.pool, f"smtp://127.0.0.1:{server.port}", "us@example.com")
    await mailer.send_due()
    assert len(server.taken) == 1
    left = "SELECT recipient FROM email_outbox WHERE sent_at IS NULL"
    assert await container.pool.fetch(left) == []
