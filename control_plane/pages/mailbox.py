"""/dev/mailbox: what would have been sent, where there is no mail server. Only in a deployment that
is tried out: whoever sees this page can take any account.
"""

from aiohttp import web

from control_plane.mail import store as mails
from control_plane.pages.visit import Visit


async def show_mailbox(visit: Visit) -> web.Response:
    """The last fifty, newest first."""
    return visit.show("mailbox.html", {"mails": await mails.list_last(visit.provider.pool)})
