"""What our mails say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def verify(link: str) -> Letter:
    return Letter(
        "Verify your e-mail address",
        f"Welcome!\n\nPlease verify that this address is yours:\n\n{link}\n\n"
        "The link works for three days. If you have not made an account, do nothing.\n",
    )


def reset(link: str) -> Letter:
    return Letter(
        "Choose a new password",
        f"Somebody, you we hope, asked for a new password. Choose one here:\n\n{link}\n\n"
        "The link works once, within an hour. If it was not you, do nothing: your password "
        "stays as it is.\n",
    )


def confirm_change(link: str) -> Letter:
    return Letter(
        "Confirm your new e-mail address",
        f"Your account is to use this address from now on. Confirm it here:\n\n{link}\n\n"
        "The link works for one day. If it was not you, do nothing.\n",
    )


def told_of_change(address: str) -> Letter:
    return Letter(
        "Your e-mail address is being changed",
        f"Your account is to use the address {address} from now on. If it was not you, choose "
        "a new password at once: somebody knows yours.\n",
    )


def told_of_password() -> Letter:
    return Letter(
        "Your password was changed",
        "Everything that was signed in is signed out. If it was not you, ask for a new password "
        "at once, and tell us.\n",
    )
