"""HTML from templates, with headers under which a browser runs nothing and frames nothing.

`form-action` is left out on purpose: browsers apply it to where a form's answer redirects, too,
and the answer to a consent leads to the application.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SUBMIT = "document.forms[0].submit()"
"""Hands an answer on by itself where scripts may run."""

_SUBMIT_HASH = base64.b64encode(hashlib.sha256(SUBMIT.encode()).digest()).decode()
SUBMITS, OWN_FILES = f"'sha256-{_SUBMIT_HASH}'", "'self'"
"""What a page may run: that one line, or the files we serve. All others run nothing."""


class Pages:
    """Renders the templates of one package."""

    def __init__(self, package: str) -> None:
        self._environment = Environment(
            loader=PackageLoader(package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self, template: str, values: Mapping[str, Any], *, status: int = 200, runs: str = ""
    ) -> web.Response:
        """A page nobody keeps. `runs`: the source of the scripts that may run on it."""
        text = self._environment.get_template(template).render(values)
        return web.Response(
            text=text, status=status, content_type="text/html", headers=page_headers(runs)
        )


def page_headers(runs: str = "") -> dict[str, str]:
    """For every page, and for redirects between them."""
    script = f"; script-src {runs}" if runs else ""
    return {
        "Content-Security-Policy": _POLICY + script,
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def redirect(location: str) -> web.Response:
    """303: whatever was posted is not posted again."""
    return web.Response(status=303, headers={**page_headers(), "Location": location})
