"""/dev/mailbox: shows queued e-mail where no mail server is configured.

For trial deployments only: whoever can open this page can take over any account.
"""

from aiohttp import web

from control_plane.kit import rendering
from control_plane.notifications import outbox
from control_plane.pages.request import PageRequest
from shared.errors import NotFound

_EMAIL_POLICY = (
    "sandbox allow-same-origin allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)


async def show_mailbox(request: PageRequest) -> web.Response:
    """The last 50 e-mails, newest first."""
    recent = await outbox.list_recent(request.context.pool)
    return request.render("mailbox.html", {"mails": recent})


async def show_email(request: PageRequest) -> web.Response:
    """The HTML of one e-mail in a sandbox: styles, but no scripts. Raises NotFound."""
    html = await outbox.find_html(request.context.pool, int(request.http.match_info["id"]))
    if not html:
        raise NotFound("There is no such e-mail.")
    headers = {**rendering.page_headers(), "Content-Security-Policy": _EMAIL_POLICY}
    return web.Response(text=html, content_type="text/html", headers=headers)
