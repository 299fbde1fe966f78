"""HTML from templates, with headers that forbid scripts and framing unless a page allows them.

The policy has no `form-action`, because browsers also apply it to redirects that answer a form, and
the answer to the consent form redirects to the client.
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
"""Submits the first form where scripts may run."""

SUBMIT_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(SUBMIT.encode()).digest()).decode()}'"
"""CSP source that allows only SUBMIT."""

SELF = "'self'"
"""CSP source that allows the files we serve."""


class Templates:
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
        self, template: str, values: Mapping[str, Any], *, status: int = 200, script_src: str = ""
    ) -> web.Response:
        """A page that is not cached. `script_src`: CSP source of scripts it may run, if any."""
        text = self._environment.get_template(template).render(values)
        return web.Response(
            text=text, status=status, content_type="text/html", headers=page_headers(script_src)
        )


def page_headers(script_src: str = "") -> dict[str, str]:
    """Headers of every page and of redirects between pages."""
    script = f"; script-src {script_src}" if script_src else ""
    return {
        "Content-Security-Policy": _POLICY + script,
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def redirect(location: str) -> web.Response:
    """303, so that the browser does not repeat a POST."""
    return web.Response(status=303, headers={**page_headers(), "Location": location})
