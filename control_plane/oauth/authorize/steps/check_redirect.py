"""The redirect URI must equal a registered one (RFC 9700, section 4.1.3), except that native
clients choose the port of a loopback URI (RFC 8252, section 7.3). Otherwise an error page is
shown, never a redirect.
"""

import re

from control_plane.identity.clients.records import Client
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import PageError

_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(/[^#]*)?")
_PORT_MAX = 65535


def check_redirect(draft: Draft) -> None:
    """Raises PageError for a missing, repeated or unregistered redirect_uri."""
    uri = draft.parameters.find("redirect_uri")
    if uri is None or not draft.parameters.is_single("redirect_uri"):
        raise PageError("The application did not specify where to return to.")
    if not is_registered(uri, draft.known_client):
        raise PageError("The application asked to return to an address that is not registered.")
    draft.redirect_uri = uri


def is_registered(uri: str, client: Client) -> bool:
    """Whether the client registered this URI; URIs are compared as text. Pure."""
    if uri in client.redirect_uris:
        return True
    return client.is_native and any(is_loopback_of(uri, known) for known in client.redirect_uris)


def is_loopback_of(uri: str, known: str) -> bool:
    """Whether both are the same loopback URI, apart from the port. Pure."""
    requested, registered = _LOOPBACK.fullmatch(uri), _LOOPBACK.fullmatch(known)
    if requested is None or registered is None:
        return False
    is_port = requested[2] is None or 0 < int(requested[2]) <= _PORT_MAX
    return is_port and (requested[1], requested[3]) == (registered[1], registered[3])
