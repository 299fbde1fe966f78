"""The authorization endpoint up to its pages, as tables of steps.

PAGE_STEPS run first, and their errors are shown to the user, because the redirect URI is not
trusted yet. Errors of REDIRECT_STEPS are returned to the client with `error`, `state` and `iss`
(RFC 6749, section 4.1.2.1; RFC 9207).
"""

from collections.abc import Callable
from dataclasses import dataclass

from control_plane.activity import store as activity
from control_plane.identity.clients import store as clients
from control_plane.identity.clients.records import Client
from control_plane.identity.context import IdentityContext
from control_plane.identity.grants import consents
from control_plane.identity.grants import store as grants
from control_plane.identity.grants.records import NewGrant
from control_plane.identity.mfa import store as mfa
from control_plane.identity.sessions.records import Session
from control_plane.kit import clock
from control_plane.kit.client_info import ClientInfo
from control_plane.kit.database import transaction
from control_plane.oauth.authorize.decide import AuthorizationState, Need, decide
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.authorize.interactions import store as interactions
from control_plane.oauth.authorize.interactions.store import Interaction
from control_plane.oauth.authorize.records import AuthorizationRequest
from control_plane.oauth.authorize.steps.check_client import check_client
from control_plane.oauth.authorize.steps.check_pkce import check_pkce
from control_plane.oauth.authorize.steps.check_redirect import check_redirect
from control_plane.oauth.authorize.steps.check_shape import check_shape
from control_plane.oauth.authorize.steps.load_claims import load_claims
from control_plane.oauth.authorize.steps.load_hint import load_hint
from control_plane.oauth.authorize.steps.load_prompt import load_prompt
from control_plane.oauth.authorize.steps.load_response import load_response
from control_plane.oauth.authorize.steps.load_scope import load_scope
from control_plane.oauth.errors import OAuthError, PageError
from control_plane.oauth.parameters import Parameters

Step = Callable[[Draft], None]

PAGE_STEPS: tuple[Step, ...] = (check_client, check_redirect)
REDIRECT_STEPS: tuple[Step, ...] = (
    load_response,
    check_shape,
    check_pkce,
    load_scope,
    load_prompt,
    load_hint,
    load_claims,
)


@dataclass(frozen=True, slots=True)
class AuthorizationResponse:
    """The response to the client, delivered through the browser."""

    redirect_uri: str
    response_mode: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class PageRequired:
    """A page must be shown before the request can be answered."""

    need: Need
    interaction: str


@dataclass(frozen=True, slots=True)
class BrowserContext:
    """The browser's cookie, its session if signed in, and where it connects from."""

    browser: str
    session: Session | None
    client_info: ClientInfo


async def begin(
    context: IdentityContext, parameters: Parameters, browser: BrowserContext
) -> AuthorizationResponse | PageRequired:
    """Check a new request and decide it. Raises PageError."""
    draft = await _load(context, parameters)
    for step in PAGE_STEPS:
        step(draft)
    try:
        for step in REDIRECT_STEPS:
            step(draft)
        return await _proceed(context, draft.known_client, draft.finish(), browser)
    except OAuthError as error:
        return _error_response(context, draft, error)


async def resume(
    context: IdentityContext, interaction: Interaction, browser: BrowserContext
) -> AuthorizationResponse | PageRequired:
    """Continue after the user signed in. Raises PageError when the client is gone."""
    client = await load_client(context, interaction.request.client_id)
    need = await _decide(context, client, interaction.request, browser, interaction)
    if need is not Need.NOTHING:
        return PageRequired(need, interaction.id)
    return await complete(context, interaction, browser)


async def complete(
    context: IdentityContext, interaction: Interaction, browser: BrowserContext
) -> AuthorizationResponse:
    """Issue the code. Raises PageError for an interaction that has ended."""
    if not await interactions.end(context.pool, interaction.id):
        raise PageError("This request was already completed. Return to the application.")
    return await _issue(context, interaction.request, browser)


async def allow(
    context: IdentityContext, interaction: Interaction, browser: BrowserContext
) -> AuthorizationResponse | PageRequired:
    """The user consented. Requires sign-in again if the session changed. Raises PageError."""
    client = await load_client(context, interaction.request.client_id)
    need = await _decide(context, client, interaction.request, browser, interaction)
    if need in {Need.LOGIN, Need.REGISTER}:
        return PageRequired(Need.LOGIN, interaction.id)
    return await complete(context, interaction, browser)


async def deny(context: IdentityContext, interaction: Interaction) -> AuthorizationResponse:
    """The user denied consent."""
    await interactions.end(context.pool, interaction.id)
    fields = {"error": "access_denied", "error_description": "the user denied the request"}
    return _response(context, interaction.request, fields)


async def load_client(context: IdentityContext, client_id: str) -> Client:
    """Raises PageError."""
    client = await clients.find_client(context.pool, client_id)
    if client is None:
        raise PageError("The application is not registered with this service.")
    return client


async def _load(context: IdentityContext, parameters: Parameters) -> Draft:
    client_id = parameters.find("client_id") or ""
    client = None
    if "\0" not in client_id:
        client = await clients.find_client(context.pool, client_id)
    return Draft(parameters, client, await context.keys.load_verifying(), context.issuer)


async def _proceed(
    context: IdentityContext, client: Client, request: AuthorizationRequest, browser: BrowserContext
) -> AuthorizationResponse | PageRequired:
    need = await _decide(context, client, request, browser, None)
    if need is Need.NOTHING:
        return await _issue(context, request, browser)
    return PageRequired(need, await interactions.create(context.pool, request, browser.browser))


async def _decide(
    context: IdentityContext,
    client: Client,
    request: AuthorizationRequest,
    browser: BrowserContext,
    interaction: Interaction | None,
) -> Need:
    session, pool = browser.session, context.pool
    consented = session is not None and await consents.has_consent(
        pool, session.user_id, client.id, request.scopes
    )
    has_second_factor = session is not None and await mfa.has_second_factor(pool, session.user_id)
    state = AuthorizationState(
        client=client,
        session=session,
        consented=consented,
        now=clock.now(),
        started_at=interaction.started_at if interaction else None,
        has_second_factor=has_second_factor,
    )
    return decide(request, state)


async def _issue(
    context: IdentityContext, request: AuthorizationRequest, browser: BrowserContext
) -> AuthorizationResponse:
    session = browser.session
    assert session is not None
    new = NewGrant(
        user_id=session.user_id,
        client_id=request.client_id,
        scopes=request.scopes,
        authenticated_at=session.authenticated_at,
        methods=tuple(session.methods),
        session_id=session.id,
        nonce=request.nonce,
        claims=request.claims,
    )
    async with transaction(context.pool) as connection:
        grant_id = await grants.create(connection, new, browser.client_info)
        code = await grants.create_code(
            connection, grant_id, request.redirect_uri, request.challenge
        )
        await consents.save_consent(connection, new.user_id, new.client_id, new.scopes)
        await activity.record(
            connection, new.user_id, activity.CONSENTED, browser.client_info, new.client_id
        )
    return _response(context, request, {"code": code})


def _response(
    context: IdentityContext, request: AuthorizationRequest, fields: dict[str, str]
) -> AuthorizationResponse:
    state = {"state": request.state} if request.state is not None else {}
    all_fields = {**fields, **state, "iss": context.issuer}
    return AuthorizationResponse(request.redirect_uri, request.response_mode, all_fields)


def _error_response(
    context: IdentityContext, draft: Draft, error: OAuthError
) -> AuthorizationResponse:
    state = {"state": draft.state} if draft.state is not None else {}
    fields = {"error": error.error, "error_description": error.description, **state}
    fields["iss"] = context.issuer
    return AuthorizationResponse(draft.redirect_uri, draft.response_mode, fields)
