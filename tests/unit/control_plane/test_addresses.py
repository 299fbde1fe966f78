"""Which e-mail addresses are accepted, in which one form, and that mail goes to exactly one."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control_plane.identity.users.email import find_normal_form, normalise
from control_plane.notifications import mailer
from control_plane.notifications.mailer import WrongRecipients, build_message, find_recipients
from control_plane.notifications.outbox import QueuedEmail
from shared.errors import ValidationFailed

WRONG = [
    "",
    "ada",
    "ada@",
    "@example.com",
    "a b@example.com",
    "a@b",
    "a@b..c",
    "a..b@example.com",
    ".a@example.com",
    '"a b"@example.com',
    '"a"@example.com',
    "a(comment)@example.com",
    "a@example.com(comment)",
    "<a@example.com>",
    "Ada <a@example.com>",
    "a,b@example.com",
    "a@example.com,b@example.com",
    "a@example.com;b@example.com",
    "a;b@example.com",
    "a，b@example.com",
    "group:a@example.com;",
    "a@[127.0.0.1]",
    "a\u200bb@example.com",
    "a\u200d@example.com",
    "a@exam\u200bple.com",
    "\ufeffa@example.com",
    "a\u202eb@example.com",
    "a\u2066b@example.com",
    "a\x00@example.com",
    "a\r\nBcc: b@example.com",
    "a\x7f@example.com",
    "\ud800@example.com",
    "a" * 65 + "@example.com",
    "a@" + "b." * 127 + "com",
    "a@-example.com",
    "a@example.com.",
    "a@localhost",
    "a@host.invalid",
]
RIGHT = {
    "  Ada.Lovelace@Example.COM ": "ada.lovelace@example.com",
    "ＡＤＡ＠ｅｘａｍｐｌｅ．ｃｏｍ": "ada@example.com",
    "ada+tag@example.com": "ada+tag@example.com",
    "o'neil@example.com": "o'neil@example.com",
    "ada@xn--bcher-kva.example": "ada@bücher.example",
    "ada@BÜCHER.example": "ada@bücher.example",
    "ada@x。example.com": "ada@x.example.com",
}


@pytest.mark.parametrize("address", WRONG, ids=ascii)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationFailed):
        normalise(address)


@pytest.mark.parametrize("address", RIGHT, ids=ascii)
def test_one_address_has_one_form(address: str) -> None:
    assert normalise(address) == RIGHT[address]


@given(st.text(min_size=1, max_size=20), st.sampled_from(["example.com", "bücher.example", "x.Y"]))
def test_what_is_accepted_is_in_normal_form_and_one_recipient(local: str, domain: str) -> None:
    normal = find_normal_form(f"{local}@{domain}")
    if normal is None:
        return
    assert normalise(normal) == normal == normal.lower()
    assert len(find_recipients(_message(normal))) == 1


@pytest.mark.parametrize("address", [each for each in WRONG if each], ids=ascii)
def test_no_mail_leaves_to_anything_but_one_address(address: str) -> None:
    """Whatever an older version has stored."""
    with pytest.raises(WrongRecipients):
        _message(address)


def test_the_mail_librarys_own_reading_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    def two(_: EmailMessage) -> list[str]:
        return ["ada@example.com", "eve@example.com"]

    monkeypatch.setattr(mailer, "extract_recipients", two)
    with pytest.raises(WrongRecipients):
        _message("ada@example.com")


def _message(address: str) -> EmailMessage:
    queued = QueuedEmail(1, address, "Hello", "text", "<p>text</p>", datetime.now(UTC))
    return build_message("Us <us@example.com>", queued)
