"""A request for tokens: who asks, with which parameters, from where."""

from dataclasses import dataclass

from control_plane.identity.clients.records import Client
from control_plane.kit.client_info import ClientInfo
from control_plane.oauth import pkce
from control_plane.oauth.errors import OAuthError, invalid_request
from control_plane.oauth.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Asking:
    """`client` has proved itself as far as it can. `secret` derives refresh tokens."""

    client: Client
    parameters: Parameters
    origin: ClientInfo
    secret: bytes

    def load_verifier(self) -> str | None:
        """Raises OAuthError for what cannot be a verifier."""
        verifier = self.parameters.find("code_verifier")
        if verifier is not None and not pkce.is_well_formed(verifier):
            raise invalid_request("code_verifier must have 43 to 128 unreserved characters")
        return verifier

    def narrow(self, granted: list[str]) -> tuple[str, ...]:
        """The scopes asked for, or all that were granted. Raises OAuthError invalid_scope."""
        asked = self.parameters.find("scope")
        if asked is None:
            return tuple(granted)
        wanted = tuple(dict.fromkeys(asked.split()))
        if not set(wanted) <= set(granted):
            raise OAuthError("invalid_scope", "a scope was not granted")
        return wanted
