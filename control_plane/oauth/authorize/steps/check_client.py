"""A client we know, named once. Otherwise a page: nobody we do not know gets a redirect."""

from control_plane.identity.clients.records import CODE_GRANT
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import PageError


def check_client(draft: Draft) -> None:
    if not draft.parameters.is_single("client_id") or draft.client is None:
        raise PageError("The application that sent you here is not known to this service.")
    if CODE_GRANT not in draft.client.grant_types:
        raise PageError("The application that sent you here may not sign people in this way.")
