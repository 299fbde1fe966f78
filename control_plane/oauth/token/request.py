"""A token request of an authenticated client.

Source: RFC 7636, section 4.5 (code_verifier); RFC 6749, section 6 (scope).
"""

from dataclasses import dataclass

from control_plane.identity.clients.records import Client
from control_plane.kit.client_info import ClientInfo
from control_plane.oauth import pkce
from control_plane.oauth.errors import OAuthError, invalid_request
from control_plane.oauth.parameters import Parameters


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """`client` is authenticated. `secret` is the key that refresh tokens are derived with."""

    client: Client
    parameters: Parameters
    client_info: ClientInfo
    secret: bytes

    def load_verifier(self) -> str | None:
        """The code_verifier, if sent. Raises OAuthError when it is malformed."""
        verifier = self.parameters.find("code_verifier")
        if verifier is not None and not pkce.is_well_formed(verifier):
            raise invalid_request("code_verifier must have 43 to 128 unreserved characters")
        return verifier

    def narrow(self, granted: list[str]) -> tuple[str, ...]:
        """The requested subset of the granted scopes. Raises OAuthError invalid_scope."""
        requested = self.parameters.find("scope")
        if requested is None:
            return tuple(granted)
        scopes = tuple(dict.fromkeys(requested.split()))
        if not set(scopes) <= set(granted):
            raise OAuthError("invalid_scope", "a scope was not granted")
        return scopes
