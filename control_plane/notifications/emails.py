"""What our mails say: each as text and as HTML, from the two templates of its name."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

_TEMPLATES = Environment(
    loader=PackageLoader("control_plane.notifications"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """`html` says the same as `body`."""

    subject: str
    body: str
    html: str


def verify(link: str) -> Letter:
    return _write("verify", "Verify your e-mail address", link=link)


def reset(link: str) -> Letter:
    return _write("reset", "Choose a new password", link=link)


def confirm_change(link: str) -> Letter:
    """To the new address."""
    return _write("confirm_change", "Confirm your new e-mail address", link=link)


def told_of_change(address: str, undo: str) -> Letter:
    """To the old one, when the change is asked for."""
    subject = "Your e-mail address is being changed"
    return _write("told_of_change", subject, address=address, link=undo)


def told_of_changed(address: str, undo: str) -> Letter:
    """To the old one, once it is changed."""
    subject = "Your e-mail address was changed"
    return _write("told_of_changed", subject, address=address, link=undo)


def told_of_password(issuer: str) -> Letter:
    link = f"{issuer}/forgot-password"
    return _write("told_of_password", "Your password was changed", link=link)


def told_of_leaving(issuer: str) -> Letter:
    return _write("told_of_leaving", "Your account is deleted", link=f"{issuer}/login")


def told_of_security(subject: str, what: str, issuer: str) -> Letter:
    """Of any other change to how its user signs in: `what` is a sentence or two."""
    link = f"{issuer}/forgot-password"
    return _write("told_of_security", subject, what=what, link=link)


def _write(name: str, subject: str, **values: str) -> Letter:
    """Text for `.txt`, HTML for `.html`, both from the same words."""
    said = {"subject": subject, **values}
    text, html = (_TEMPLATES.get_template(f"{name}.{kind}") for kind in ("txt", "html"))
    return Letter(subject, text.render(said), html.render(said))
