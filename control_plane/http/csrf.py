"""Who really sent this form: one of our own pages, in the browser it was given to.

Two checks. What the browser itself says of where the form came from; and a hidden field that is
derived from the browser's cookies, which no other site can read.
"""

from urllib.parse import urlsplit

from aiohttp import web

from control_plane.kit import crypto
from shared.errors import Forbidden

FIELD = "csrf"


class ForgedForm(Forbidden):
    """This form was not sent from its own page, or is too old: open the page again."""


def origin_of(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_origin(request: web.Request, origin: str) -> None:
    """Raises ForgedForm for a form another site sent.

    Our pages ask browsers to send no referrer, and then they write `Origin: null` even to
    ourselves; so Sec-Fetch-Site, where there is one, is what counts.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise ForgedForm
        return
    if request.headers.get("Origin", "null") not in {"null", origin}:
        raise ForgedForm


def csrf_token(key: bytes, *cookies: str) -> str:
    """What a page hides in its form."""
    return crypto.derive(key, "csrf", *cookies)


def check_csrf(given: str, wanted: str) -> None:
    """Raises ForgedForm."""
    if not crypto.is_same(given, wanted):
        raise ForgedForm
