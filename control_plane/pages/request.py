"""A request for a page: the browser, who is signed in, forms, and rendering."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from control_plane.http import csrf
from control_plane.http.middleware import LOG_FIELDS, Handler
from control_plane.identity import browser_sessions, sign_in
from control_plane.identity.context import IdentityContext
from control_plane.identity.lifetimes import SESSION_S
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.sessions import store as sessions
from control_plane.identity.sessions.records import Session
from control_plane.identity.sign_in import Visitor
from control_plane.kit import crypto, rendering
from control_plane.kit.client_info import ClientInfo, client_info_of
from control_plane.kit.rendering import Templates
from control_plane.oauth.authorize.flow import (
    AuthorizationResponse,
    BrowserContext,
    PageRequired,
)
from control_plane.oauth.errors import OAuthError, PageError
from control_plane.oauth.parameters import parse_form
from shared.errors import Refusal

_TEMPLATES = Templates("control_plane.pages")
_BROWSER, _SESSION = "headrace_browser", "headrace_session"
_BROWSER_S = 400 * 86400
KNOWN_USERS = "headrace_known"


class Form(dict[str, str]):
    """The submitted fields; a missing field is an empty string."""

    def __missing__(self, _: str) -> str:
        return ""


@dataclass(slots=True)
class PageRequest:
    """`browser` identifies the browser before sign-in. Forms are bound to it and to the session, so
    neither another site nor an earlier session can submit them.
    """

    http: web.Request
    context: IdentityContext
    browser: str
    session_id: str
    session: Session | None
    known_users: str = ""
    """The marks of `identity.known_browser`."""

    @property
    def client_info(self) -> ClientInfo:
        return client_info_of(self.http)

    @property
    def browser_context(self) -> BrowserContext:
        return BrowserContext(self.browser, self.session, self.client_info)

    def csrf_token(self) -> str:
        return csrf.csrf_token(self.context.secret, self.browser, self.session_id)

    async def form(self) -> Form:
        """The submitted form. Raises InvalidForm unless it comes from one of our own pages."""
        csrf.check_origin(self.http, csrf.origin_of(self.context.issuer))
        parameters = await parse_form(self.http)
        csrf.check_csrf(parameters.find(csrf.FIELD) or "", self.csrf_token())
        return Form(parameters.items())

    def render(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        status: int = 200,
        hidden: Mapping[str, str] | None = None,
        script_src: str = "",
    ) -> web.Response:
        """A page whose forms carry `hidden` and a CSRF token; see `Templates.render`."""
        fields = {csrf.FIELD: self.csrf_token(), **(hidden or {})}
        all_values = {**values, "hidden": fields}
        return self.with_cookies(
            _TEMPLATES.render(template, all_values, status=status, script_src=script_src)
        )

    def render_message(
        self, heading: str, message: str, link: tuple[str, str] = ("", ""), *, status: int = 200
    ) -> web.Response:
        """A page with one message. `link` is (path, text)."""
        path, text = link
        values = {"heading": heading, "message": message, "link": path, "link_text": text}
        return self.render("message.html", values, status=status)

    def redirect(self, path: str, **query: str) -> web.Response:
        """303 to another page of ours; empty query values are left out."""
        present = {name: value for name, value in query.items() if value}
        location = f"{path}?{urlencode(present)}" if present else path
        return self.with_cookies(rendering.redirect(location))

    def respond(self, outcome: AuthorizationResponse | PageRequired) -> web.Response:
        """Return to the client, or continue with the page that is required first."""
        if isinstance(outcome, PageRequired):
            return self.redirect(f"/{outcome.need}", interaction=outcome.interaction)
        return self.with_cookies(_authorization_response(outcome))

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.browser, self.known_users, self.client_info)

    async def sign_in(self, user: AuthenticatedUser) -> None:
        """Replace the browser's session."""
        started = await sign_in.start_session(self.context, self.visitor, self.session_id, user)
        self.session_id, self.known_users = started.session_id, started.known_users
        self.session = await sessions.find(self.context.pool, self.session_id)

    async def sign_out(self) -> None:
        """End the session in the database and in the browser, with what ends with it."""
        if self.session_id:
            await browser_sessions.end(self.context, self.session_id)
        self.session_id, self.session = "", None

    def with_cookies(self, response: web.Response) -> web.Response:
        """Set or remove the browser's cookies to match this request."""
        cookies = self.context.cookies
        cookies.put(response, _BROWSER, self.browser, _BROWSER_S)
        if self.known_users:
            cookies.put(response, KNOWN_USERS, self.known_users, _BROWSER_S)
        if self.session_id and self.session:
            cookies.put(response, _SESSION, self.session_id, SESSION_S)
        elif cookies.find(self.http, _SESSION):
            cookies.remove(response, _SESSION)
        return response


Page = Callable[[PageRequest], Awaitable[web.Response]]


def page_handler(context: IdentityContext, page: Page) -> Handler:
    """A handler that shows errors as pages."""

    async def handle(http: web.Request) -> web.Response:
        request = await _open(http, context)
        try:
            return await page(request)
        except PageError as error:
            return _error_page(request, error.message, error.status)
        except OAuthError as error:
            return _error_page(request, f"{error.description}.".capitalize(), error.status)
        except Refusal as refusal:
            response = _error_page(request, refusal.message, refusal.status)
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
    known_users = cookies.find(http, KNOWN_USERS)
    return PageRequest(http, context, browser, session_id if session else "", session, known_users)


def _error_page(request: PageRequest, message: str, status: int) -> web.Response:
    heading = "Too many requests" if status == 429 else "Something went wrong"
    link = ("/account", "Go to your account") if request.session else ("", "")
    return request.render_message(heading, message, link, status=status)


def _authorization_response(response: AuthorizationResponse) -> web.Response:
    """Redirect, or OAuth 2.0 Form Post Response Mode."""
    uri, fields = response.redirect_uri, response.fields
    if response.response_mode == "form_post":
        values = {"action": uri, "hidden": fields, "script": rendering.SUBMIT}
        return _TEMPLATES.render("form_post.html", values, script_src=rendering.SUBMIT_HASH)
    separator = "&" if "?" in uri else "?"
    return rendering.redirect(f"{uri}{separator}{urlencode(fields)}")
