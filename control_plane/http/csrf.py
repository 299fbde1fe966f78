"""Protection against cross-site request forgery.

Two checks: where the browser says the form came from (Fetch Metadata, or Origin), and a hidden
token derived from the browser's cookies, which other sites cannot read.
"""

from urllib.parse import urlsplit

from aiohttp import web

from control_plane.kit import crypto
from shared.errors import Forbidden

FIELD = "csrf"


class InvalidForm(Forbidden):
    """This form has expired. Reload the page and try again."""


def origin_of(url: str) -> str:
    """Scheme, host and port (RFC 6454)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_origin(request: web.Request, origin: str) -> None:
    """Raises InvalidForm for a form that another site submitted.

    Our pages send no referrer, and browsers then send `Origin: null` even to us, so Sec-Fetch-Site
    takes precedence where the browser sends it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise InvalidForm
        return
    if request.headers.get("Origin", "null") not in {"null", origin}:
        raise InvalidForm


def csrf_token(key: bytes, *cookies: str) -> str:
    """The token for forms shown to a browser with these cookie values."""
    return crypto.derive(key, "csrf", *cookies)


def check_csrf(submitted: str, expected: str) -> None:
    """Raises InvalidForm unless both are equal."""
    if not crypto.is_same(submitted, expected):
        raise InvalidForm
