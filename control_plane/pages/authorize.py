"""/oauth/authorize in the browser, and the consent page."""

from aiohttp import web

from control_plane.oidc.endpoints import authorize as endpoint
from control_plane.oidc.errors import PageError
from control_plane.oidc.interactions import store as interactions
from control_plane.oidc.interactions.store import Interaction
from control_plane.oidc.parameters import of_form, of_query
from control_plane.pages.consent import ask
from control_plane.pages.visit import Visit


async def authorize(visit: Visit) -> web.Response:
    """By GET or by POST (OpenID Connect Core, 3.1.2.1)."""
    request = visit.request
    parameters = await of_form(request) if request.method == "POST" else of_query(request)
    return visit.send(await endpoint.begin(visit.provider, parameters, visit.visitor))


async def show_consent(visit: Visit) -> web.Response:
    """Who asks for what, of which account."""
    interaction = await load_interaction(visit, visit.request.query.get("interaction", ""))
    if visit.session is None:
        return visit.go("/login", interaction=interaction.id)
    asked = interaction.request
    return await ask(
        visit, visit.session, asked.client_id, asked.scopes, interaction=interaction.id
    )


async def consent(visit: Visit) -> web.Response:
    """Allow or deny."""
    form = await visit.form()
    interaction = await load_interaction(visit, form["interaction"])
    if form["decision"] != "allow":
        return visit.send(await endpoint.deny(visit.provider, interaction))
    return visit.send(await endpoint.allow(visit.provider, interaction, visit.visitor))


async def load_interaction(visit: Visit, interaction_id: str) -> Interaction:
    """Raises PageError for one that is over, or was begun in another browser."""
    pool = visit.provider.pool
    found = await interactions.find(pool, interaction_id, visit.browser)
    if found is None:
        raise PageError("This sign-in is over: go back to the application and start again.")
    return found
