"""/dev/mailbox: what would have been sent, where there is no mail server. Only in a deployment that
is tried out: whoever sees this page can take any account.
"""

from aiohttp import web

from control_plane.kit import rendering
from control_plane.notifications import outbox as mails
from control_plane.pages.request import PageRequest
from shared.errors import NotFound

_LETTER_POLICY = (
    "sandbox allow-same-origin allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
)


async def show_mailbox(request: PageRequest) -> web.Response:
    """The last fifty, newest first."""
    return request.show("mailbox.html", {"mails": await mails.list_last(request.context.pool)})


async def show_letter(request: PageRequest) -> web.Response:
    """One as a mail program shows it: styles, no script, and none of our own rights."""
    found = await mails.find_html(request.context.pool, int(request.http.match_info["id"]))
    if not found:
        raise NotFound("There is no such mail.")
    headers = {**rendering.page_headers(), "Content-Security-Policy": _LETTER_POLICY}
    return web.Response(text=found, content_type="text/html", headers=headers)
