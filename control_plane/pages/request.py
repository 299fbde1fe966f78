"""One request for a page: which browser, who is signed in, what a page may show and read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from control_plane.http import csrf
from control_plane.http.middleware import LOG_FIELDS, Handler
from control_plane.identity.context import IdentityContext
from control_plane.identity.lifetimes import SESSION_S
from control_plane.identity.sessions import store as sessions
from control_plane.identity.sessions.records import Session
from control_plane.kit import crypto, rendering
from control_plane.kit.client_info import client_info_of
from control_plane.kit.rendering import Pages
from control_plane.oauth.authorize.flow import Next, Reply, Visitor
from control_plane.oauth.errors import OAuthError, PageError
from control_plane.oauth.parameters import of_form
from shared.errors import Refusal

PAGES = Pages("control_plane.pages")
_BROWSER, _SESSION = "headrace_browser", "headrace_session"
_BROWSER_S = 400 * 86400


class Form(dict[str, str]):
    """What somebody filled in; a field that is not there is empty."""

    def __missing__(self, _: str) -> str:
        return ""


@dataclass(slots=True)
class PageRequest:
    """`browser` names the browser before anybody is signed in; forms are bound to it and to the
    session, so neither another site nor an older session can send them.
    """

    http: web.Request
    context: IdentityContext
    browser: str
    session_id: str
    session: Session | None

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.browser, self.session, client_info_of(self.http))

    def csrf(self) -> str:
        return csrf.csrf_token(self.context.secret, self.browser, self.session_id)

    async def form(self) -> Form:
        """The form sent to us. Raises ForgedForm when it is not one of our own."""
        csrf.check_origin(self.http, csrf.origin_of(self.context.issuer))
        parameters = await of_form(self.http)
        csrf.check_csrf(parameters.find(csrf.FIELD) or "", self.csrf())
        return Form(parameters.items())

    def show(
        self,
        template: str,
        values: dict[str, Any],
        *,
        status: int = 200,
        hidden: Any = None,
        runs: str = "",
    ) -> web.Response:
        """A page whose forms carry `hidden` and what proves them ours; see `Pages.render`."""
        carried = {csrf.FIELD: self.csrf(), **(hidden or {})}
        known = {**values, "hidden": carried}
        return self.mark(PAGES.render(template, known, status=status, runs=runs))

    def go(self, path: str, **query: str) -> web.Response:
        """To another of our pages."""
        wanted = {name: value for name, value in query.items() if value}
        return self.mark(rendering.redirect(f"{path}?{urlencode(wanted)}" if wanted else path))

    def send(self, outcome: Reply | Next) -> web.Response:
        """Back to the application, or on to the page that comes first."""
        if isinstance(outcome, Next):
            return self.go(f"/{outcome.need}", interaction=outcome.interaction)
        return self.mark(_reply(outcome))

    async def sign_in(self, user_id: str, methods: Sequence[str]) -> None:
        """A new session in place of this browser's old one. `methods`: as `amr` names them."""
        pool = self.context.pool
        if self.session_id:
            await sessions.end(pool, self.session_id)
        origin = client_info_of(self.http)
        self.session_id = await sessions.create(pool, user_id, list(methods), origin)
        self.session = await sessions.find(pool, self.session_id)

    async def sign_out(self) -> None:
        """Here, and in the browser."""
        if self.session_id:
            await sessions.end(self.context.pool, self.session_id)
        self.session_id, self.session = "", None

    def mark(self, response: web.Response) -> web.Response:
        """The browser's cookies, as they are by now."""
        cookies = self.context.cookies
        cookies.put(response, _BROWSER, self.browser, _BROWSER_S)
        if self.session_id and self.session:
            cookies.put(response, _SESSION, self.session_id, SESSION_S)
        elif cookies.find(self.http, _SESSION):
            cookies.remove(response, _SESSION)
        return response


Page = Callable[[PageRequest], Awaitable[web.Response]]


def visited(context: IdentityContext, page: Page) -> Handler:
    """A handler. Whatever is refused is told on a page."""

    async def handle(http: web.Request) -> web.Response:
        request = await _open(http, context)
        try:
            return await page(request)
        except PageError as error:
            return _explain(request, error.message, error.status)
        except OAuthError as error:
            return _explain(request, f"{error.description}.".capitalize(), error.status)
        except Refusal as refusal:
            response = _explain(request, refusal.message, refusal.status)
            response.headers.update(refusal.headers)
            return response

    return handle


async def _open(http: web.Request, context: IdentityContext) -> PageRequest:
    cookies = context.cookies
    session_id = cookies.find(http, _SESSION)
    session = await sessions.find(context.pool, session_id)
    browser = cookies.find(http, _BROWSER) or crypto.create_secret()
    if session is not None:
        http[LOG_FIELDS].update(user_id=session.user_id)
    return PageRequest(http, context, browser, session_id if session else "", session)


def _explain(request: PageRequest, message: str, status: int) -> web.Response:
    heading = "Slow down" if status == 429 else "That did not work"
    back = ("/account", "Go to your account") if request.session else ("", "")
    values = {"heading": heading, "message": message, "link": back[0], "link_text": back[1]}
    return request.show("message.html", values, status=status)


def _reply(reply: Reply) -> web.Response:
    if reply.response_mode == "form_post":
        values = {"action": reply.redirect_uri, "hidden": reply.fields, "script": rendering.SUBMIT}
        return PAGES.render("form_post.html", values, runs=rendering.SUBMITS)
    separator = "&" if "?" in reply.redirect_uri else "?"
    return rendering.redirect(f"{reply.redirect_uri}{separator}{urlencode(reply.fields)}")
