"""The authorization endpoint up to its pages, as a table of steps.

Everything above the line is answered by a page, for we do not know yet whom we would redirect to;
everything below by a redirect with error, state and iss.
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
from control_plane.identity.mfa import store as mfa_store
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
class Reply:
    """What goes back to the client, by way of the browser."""

    redirect_uri: str
    response_mode: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Next:
    """A page has to come first."""

    need: Need
    interaction: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser: its cookie, its session if it is signed in, where it is."""

    browser: str
    session: Session | None
    origin: ClientInfo


async def begin(context: IdentityContext, parameters: Parameters, visitor: Visitor) -> Reply | Next:
    """Raises PageError."""
    draft = await _load(context, parameters)
    for step in PAGE_STEPS:
        step(draft)
    try:
        for step in REDIRECT_STEPS:
            step(draft)
        return await _proceed(context, draft.known_client, draft.finish(), visitor)
    except OAuthError as error:
        return _refusal(context, draft, error)


async def resume(
    context: IdentityContext, interaction: Interaction, visitor: Visitor
) -> Reply | Next:
    """After its user signed in. Raises PageError when the client is gone."""
    client = await load_client(context, interaction.request.client_id)
    need = await _decide(context, client, interaction.request, visitor, interaction)
    if need is not Need.NOTHING:
        return Next(need, interaction.id)
    return await settle(context, interaction, visitor)


async def settle(context: IdentityContext, interaction: Interaction, visitor: Visitor) -> Reply:
    """The code. Raises PageError for an interaction that was settled before."""
    if not await interactions.end(context.pool, interaction.id):
        raise PageError("This was answered already: go back to the application.")
    return await _issue(context, interaction.request, visitor)


async def allow(
    context: IdentityContext, interaction: Interaction, visitor: Visitor
) -> Reply | Next:
    """The user said yes, if it is still this user. Raises PageError."""
    client = await load_client(context, interaction.request.client_id)
    need = await _decide(context, client, interaction.request, visitor, interaction)
    if need in {Need.LOGIN, Need.REGISTER}:
        return Next(Need.LOGIN, interaction.id)
    return await settle(context, interaction, visitor)


async def deny(context: IdentityContext, interaction: Interaction) -> Reply:
    """The user said no."""
    await interactions.end(context.pool, interaction.id)
    denied = {"error": "access_denied", "error_description": "the user said no"}
    return _reply(context, interaction.request, denied)


async def load_client(context: IdentityContext, client_id: str) -> Client:
    """Raises PageError."""
    client = await clients.find_client(context.pool, client_id)
    if client is None:
        raise PageError("The application that sent you here is not known to this service.")
    return client


async def _load(context: IdentityContext, parameters: Parameters) -> Draft:
    name = parameters.find("client_id") or ""
    client = await clients.find_client(context.pool, name) if "\0" not in name else None
    return Draft(parameters, client, await context.keys.load_verifying(), context.issuer)


async def _proceed(
    context: IdentityContext, client: Client, request: AuthorizationRequest, visitor: Visitor
) -> Reply | Next:
    need = await _decide(context, client, request, visitor, None)
    if need is Need.NOTHING:
        return await _issue(context, request, visitor)
    return Next(need, await interactions.create(context.pool, request, visitor.browser))


async def _decide(
    context: IdentityContext,
    client: Client,
    request: AuthorizationRequest,
    visitor: Visitor,
    interaction: Interaction | None,
) -> Need:
    session, pool = visitor.session, context.pool
    consented = session is not None and await consents.has_consent(
        pool, session.user_id, client.id, request.scopes
    )
    started_at = interaction.started_at if interaction else None
    has_factor = session is not None and await mfa_store.has_factor(pool, session.user_id)
    state = AuthorizationState(client, session, consented, clock.now(), started_at, has_factor)
    return decide(request, state)


async def _issue(
    context: IdentityContext, request: AuthorizationRequest, visitor: Visitor
) -> Reply:
    session = visitor.session
    assert session is not None
    new = NewGrant(
        *(session.user_id, request.client_id, request.scopes, session.authenticated_at),
        *(tuple(session.methods), request.nonce, request.claims),
    )
    async with transaction(context.pool) as connection:
        grant_id = await grants.create(connection, new, visitor.origin)
        code = await grants.create_code(
            connection, grant_id, request.redirect_uri, request.challenge
        )
        await consents.keep_consent(connection, new.user_id, new.client_id, new.scopes)
        kind = activity.CONSENTED
        await activity.record(connection, new.user_id, kind, visitor.origin, new.client_id)
    return _reply(context, request, {"code": code})


def _reply(
    context: IdentityContext, request: AuthorizationRequest, fields: dict[str, str]
) -> Reply:
    state = {"state": request.state} if request.state is not None else {}
    every = {**fields, **state, "iss": context.issuer}
    return Reply(request.redirect_uri, request.response_mode, every)


def _refusal(context: IdentityContext, draft: Draft, error: OAuthError) -> Reply:
    state = {"state": draft.state} if draft.state is not None else {}
    fields = {"error": error.error, "error_description": error.description, **state}
    fields["iss"] = context.issuer
    return Reply(draft.redirect_uri, draft.response_mode, fields)
