"""/oauth/authorize in the browser, and the consent page."""

from aiohttp import web

from control_plane.oauth.authorize import flow
from control_plane.oauth.authorize.interactions import store as interactions
from control_plane.oauth.authorize.interactions.store import Interaction
from control_plane.oauth.errors import PageError
from control_plane.oauth.parameters import parse_form, parse_query
from control_plane.pages.auth.consent import render_consent
from control_plane.pages.request import PageRequest


async def authorize(request: PageRequest) -> web.Response:
    """By GET or POST (OpenID Connect Core, section 3.1.2.1)."""
    if request.http.method == "POST":
        parameters = await parse_form(request.http)
    else:
        parameters = parse_query(request.http)
    return request.respond(await flow.begin(request.context, parameters, request.browser_context))


async def show_consent(request: PageRequest) -> web.Response:
    """The client, the account and the requested scopes."""
    interaction_id = request.http.query.get("interaction", "")
    interaction = await load_interaction(request, interaction_id)
    if request.session is None:
        return request.redirect("/login", interaction=interaction.id)
    return await render_consent(
        request,
        request.session,
        interaction.request.client_id,
        interaction.request.scopes,
        interaction=interaction.id,
    )


async def consent(request: PageRequest) -> web.Response:
    """Allow or deny."""
    form = await request.form()
    interaction = await load_interaction(request, form["interaction"])
    if form["decision"] != "allow":
        return request.respond(await flow.deny(request.context, interaction))
    browser = request.browser_context
    return request.respond(await flow.allow(request.context, interaction, browser))


async def load_interaction(request: PageRequest, interaction_id: str) -> Interaction:
    """Raises PageError for one that has ended, or was started in another browser."""
    pool = request.context.pool
    found = await interactions.find(pool, interaction_id, request.browser)
    if found is None:
        raise PageError("This sign-in has expired. Return to the application and try again.")
    return found
