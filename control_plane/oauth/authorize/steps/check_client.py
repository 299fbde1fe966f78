"""The client must be registered; otherwise an error page, never a redirect (RFC 6749, 4.1.2.1)."""

from control_plane.identity.clients.records import CODE_GRANT
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import PageError


def check_client(draft: Draft) -> None:
    """Raises PageError for an unknown client, or one that may not use authorization codes."""
    if not draft.parameters.is_single("client_id") or draft.client is None:
        raise PageError("The application is not registered with this service.")
    if CODE_GRANT not in draft.client.grant_types:
        raise PageError("The application may not use this kind of sign-in.")
