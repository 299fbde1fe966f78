"""The redirect URI is one of the client's, letter by letter; only the port of a native client's
loopback address is its own to choose (RFC 8252, 7.3). Otherwise a page, never a redirect.
"""

import re

from control_plane.identity.clients.records import Client
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import PageError

_LOOPBACK = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?(/[^#]*)?")
_PORT_MAX = 65535


def check_redirect(draft: Draft) -> None:
    uri = draft.parameters.find("redirect_uri")
    if uri is None or not draft.parameters.is_single("redirect_uri"):
        raise PageError("The application that sent you here did not say where to return to.")
    if not is_registered(uri, draft.known_client):
        raise PageError("The application that sent you here wants to return to an unknown place.")
    draft.redirect_uri = uri


def is_registered(uri: str, client: Client) -> bool:
    """Pure. No URL is normalised: what is not the same text is not the same place."""
    if uri in client.redirect_uris:
        return True
    return client.is_native and any(is_loopback_of(uri, known) for known in client.redirect_uris)


def is_loopback_of(uri: str, known: str) -> bool:
    """The same loopback address but for its port."""
    given, registered = _LOOPBACK.fullmatch(uri), _LOOPBACK.fullmatch(known)
    if given is None or registered is None:
        return False
    is_port = given[2] is None or 0 < int(given[2]) <= _PORT_MAX
    return is_port and (given[1], given[3]) == (registered[1], registered[3])
