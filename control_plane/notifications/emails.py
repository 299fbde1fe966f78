"""Every e-mail we send. Each is rendered as text and as HTML from the templates of its name."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from shared.links import Links

_TEMPLATES = Environment(
    loader=PackageLoader("control_plane.notifications"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Email:
    """`html` has the same content as `body`, which is plain text."""

    subject: str
    body: str
    html: str


def verify_email(link: str) -> Email:
    return _render("verify_email", "Verify your e-mail address", link=link)


def reset_password(link: str) -> Email:
    return _render("reset_password", "Reset your password", link=link)


def confirm_email_change(link: str) -> Email:
    """For the new address."""
    return _render("confirm_email_change", "Confirm your new e-mail address", link=link)


def email_change_notice(address: str, revert_link: str) -> Email:
    """For the current address, when a change to `address` is requested."""
    subject = "Your e-mail address is about to change"
    return _render("email_change_notice", subject, address=address, link=revert_link)


def email_changed_notice(address: str, revert_link: str) -> Email:
    """For the previous address, once it was changed to `address`."""
    subject = "Your e-mail address was changed"
    return _render("email_changed_notice", subject, address=address, link=revert_link)


def password_changed_notice(links: Links) -> Email:
    link = links.forgot_password()
    return _render("password_changed_notice", "Your password was changed", link=link)


def account_deleted_notice(links: Links) -> Email:
    return _render("account_deleted_notice", "Your account was deleted", link=links.login())


def security_notice(subject: str, change: str, links: Links) -> Email:
    """For other changes of how a user signs in. `change` is one or two sentences."""
    link = links.forgot_password()
    return _render("security_notice", subject, change=change, link=link)


def _render(name: str, subject: str, **values: str) -> Email:
    context = {"subject": subject, **values}
    text, html = (_TEMPLATES.get_template(f"{name}.{kind}") for kind in ("txt", "html"))
    return Email(subject, text.render(context), html.render(context))
