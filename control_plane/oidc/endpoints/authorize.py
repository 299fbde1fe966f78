"""The authorization endpoint up to its pages, as a table of steps.

Everything above the line is answered by a page, for we do not know yet whom we would redirect to;
everything below by a redirect with error, state and iss.
"""

from collections.abc import Callable
from dataclasses import dataclass

from control_plane.kit import clock
from control_plane.kit.database import transaction
from control_plane.oidc import store
from control_plane.oidc.authorization.check_client import check_client
from control_plane.oidc.authorization.check_pkce import check_pkce
from control_plane.oidc.authorization.check_redirect import check_redirect
from control_plane.oidc.authorization.check_shape import check_shape
from control_plane.oidc.authorization.decide import Need, Standing, decide
from control_plane.oidc.authorization.draft import Draft
from control_plane.oidc.authorization.load_claims import load_claims
from control_plane.oidc.authorization.load_hint import load_hint
from control_plane.oidc.authorization.load_prompt import load_prompt
from control_plane.oidc.authorization.load_response import load_response
from control_plane.oidc.authorization.load_scope import load_scope
from control_plane.oidc.errors import OAuthError, PageError
from control_plane.oidc.grants import events
from control_plane.oidc.grants import store as grants
from control_plane.oidc.interactions import store as interactions
from control_plane.oidc.interactions.store import Interaction
from control_plane.oidc.parameters import Parameters
from control_plane.oidc.provider import Provider
from control_plane.oidc.records import Authorization, Client, NewGrant, Origin, Session

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
    origin: Origin


async def begin(provider: Provider, parameters: Parameters, visitor: Visitor) -> Reply | Next:
    """Raises PageError."""
    draft = await _load(provider, parameters)
    for step in PAGE_STEPS:
        step(draft)
    try:
        for step in REDIRECT_STEPS:
            step(draft)
        return await _proceed(provider, draft.known_client, draft.finish(), visitor)
    except OAuthError as error:
        return _refusal(provider, draft, error)


async def resume(provider: Provider, interaction: Interaction, visitor: Visitor) -> Reply | Next:
    """After its user signed in. Raises PageError when the client is gone."""
    client = await load_client(provider, interaction.request.client_id)
    need = await _decide(provider, client, interaction.request, visitor, interaction)
    if need is not Need.NOTHING:
        return Next(need, interaction.id)
    return await settle(provider, interaction, visitor)


async def settle(provider: Provider, interaction: Interaction, visitor: Visitor) -> Reply:
    """The code. Raises PageError for an interaction that was settled before."""
    if not await interactions.end(provider.pool, interaction.id):
        raise PageError("This was answered already: go back to the application.")
    return await _issue(provider, interaction.request, visitor)


async def allow(provider: Provider, interaction: Interaction, visitor: Visitor) -> Reply | Next:
    """The user said yes, if it is still this user. Raises PageError."""
    client = await load_client(provider, interaction.request.client_id)
    need = await _decide(provider, client, interaction.request, visitor, interaction)
    if need in {Need.LOGIN, Need.REGISTER}:
        return Next(Need.LOGIN, interaction.id)
    return await settle(provider, interaction, visitor)


async def deny(provider: Provider, interaction: Interaction) -> Reply:
    """The user said no."""
    await interactions.end(provider.pool, interaction.id)
    denied = {"error": "access_denied", "error_description": "the user said no"}
    return _reply(provider, interaction.request, denied)


async def load_client(provider: Provider, client_id: str) -> Client:
    """Raises PageError."""
    client = await store.find_client(provider.pool, client_id)
    if client is None:
        raise PageError("The application that sent you here is not known to this service.")
    return client


async def _load(provider: Provider, parameters: Parameters) -> Draft:
    name = parameters.find("client_id") or ""
    client = await store.find_client(provider.pool, name) if "\0" not in name else None
    return Draft(parameters, client, await provider.keys.load_verifying(), provider.issuer)


async def _proceed(
    provider: Provider, client: Client, request: Authorization, visitor: Visitor
) -> Reply | Next:
    need = await _decide(provider, client, request, visitor, None)
    if need is Need.NOTHING:
        return await _issue(provider, request, visitor)
    return Next(need, await interactions.create(provider.pool, request, visitor.browser))


async def _decide(
    provider: Provider,
    client: Client,
    request: Authorization,
    visitor: Visitor,
    interaction: Interaction | None,
) -> Need:
    session, pool = visitor.session, provider.pool
    consented = session is not None and await store.has_consent(
        pool, session.user_id, client.id, request.scopes
    )
    began_at = interaction.began_at if interaction else None
    has_factor = session is not None and await store.has_factor(pool, session.user_id)
    standing = Standing(client, session, consented, clock.now(), began_at, has_factor)
    return decide(request, standing)


async def _issue(provider: Provider, request: Authorization, visitor: Visitor) -> Reply:
    session = visitor.session
    assert session is not None
    new = NewGrant(
        *(session.user_id, request.client_id, request.scopes, session.authenticated_at),
        *(tuple(session.methods), request.nonce, request.claims),
    )
    async with transaction(provider.pool) as connection:
        grant_id = await grants.create(connection, new, visitor.origin)
        code = await grants.create_code(
            connection, grant_id, request.redirect_uri, request.challenge
        )
        await store.keep_consent(connection, new.user_id, new.client_id, new.scopes)
        kind = events.CONSENTED
        await events.record(connection, new.user_id, kind, visitor.origin, new.client_id)
    return _reply(provider, request, {"code": code})


def _reply(provider: Provider, request: Authorization, fields: dict[str, str]) -> Reply:
    state = {"state": request.state} if request.state is not None else {}
    every = {**fields, **state, "iss": provider.issuer}
    return Reply(request.redirect_uri, request.response_mode, every)


def _refusal(provider: Provider, draft: Draft, error: OAuthError) -> Reply:
    state = {"state": draft.state} if draft.state is not None else {}
    fields = {"error": error.error, "error_description": error.description, **state}
    fields["iss"] = provider.issuer
    return Reply(draft.redirect_uri, draft.response_mode, fields)
