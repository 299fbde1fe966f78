"""Browsers that a user has signed in with before, so that strangers cannot lock the user out.

After each sign-in the browser keeps a mark per account: a MAC over the browser's own
cookie and the user's id (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Failed
attempts from such a browser are counted by themselves, and those from elsewhere do not pause it.
"""

from control_plane.identity.context import IdentityContext
from control_plane.kit import crypto

_USERS_MAX = 8
_SEPARATOR = "."


def is_known(context: IdentityContext, marks: str, browser: str, user_id: str) -> bool:
    """Whether this user has signed in with this browser before. Pure."""
    expected = _mark(context, browser, user_id)
    return any(crypto.is_same(each, expected) for each in _split(marks))


def remember(context: IdentityContext, marks: str, browser: str, user_id: str) -> str:
    """The cookie's new value, the latest user first. Pure."""
    newest = _mark(context, browser, user_id)
    others = [each for each in _split(marks) if each != newest]
    return _SEPARATOR.join([newest, *others][:_USERS_MAX])


def _mark(context: IdentityContext, browser: str, user_id: str) -> str:
    return crypto.derive(context.secret, "known browser", browser, user_id)


def _split(marks: str) -> list[str]:
    return marks.split(_SEPARATOR)[:_USERS_MAX]
