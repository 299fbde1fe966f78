"""/oauth/authorize in the browser, and the consent page."""

from aiohttp import web

from control_plane.oauth.authorize import flow as endpoint
from control_plane.oauth.authorize.interactions import store as interactions
from control_plane.oauth.authorize.interactions.store import Interaction
from control_plane.oauth.errors import PageError
from control_plane.oauth.parameters import of_form, of_query
from control_plane.pages.auth.consent import ask
from control_plane.pages.request import PageRequest


async def authorize(request: PageRequest) -> web.Response:
    """By GET or by POST (OpenID Connect Core, 3.1.2.1)."""
    if request.http.method == "POST":
        parameters = await of_form(request.http)
    else:
        parameters = of_query(request.http)
    return request.send(await endpoint.begin(request.context, parameters, request.visitor))


async def show_consent(request: PageRequest) -> web.Response:
    """Who asks for what, of which account."""
    interaction = await load_interaction(request, request.http.query.get("interaction", ""))
    if request.session is None:
        return request.go("/login", interaction=interaction.id)
    asked = interaction.request
    return await ask(
        request, request.session, asked.client_id, asked.scopes, interaction=interaction.id
    )


async def consent(request: PageRequest) -> web.Response:
    """Allow or deny."""
    form = await request.form()
    interaction = await load_interaction(request, form["interaction"])
    if form["decision"] != "allow":
        return request.send(await endpoint.deny(request.context, interaction))
    return request.send(await endpoint.allow(request.context, interaction, request.visitor))


async def load_interaction(request: PageRequest, interaction_id: str) -> Interaction:
    """Raises PageError for one that is over, or was begun in another browser."""
    pool = request.context.pool
    found = await interactions.find(pool, interaction_id, request.browser)
    if found is None:
        raise PageError("This sign-in is over: go back to the application and start again.")
    return found
