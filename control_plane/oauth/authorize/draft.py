"""An authorization request (RFC 6749, section 4.1.1) while the steps check it."""

from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import KeySet

from control_plane.identity.clients.records import Client
from control_plane.oauth.authorize.records import AuthorizationRequest
from control_plane.oauth.parameters import Parameters


@dataclass(slots=True)
class Draft:
    """The steps set the fields. `client` is None for an unknown client_id."""

    parameters: Parameters
    client: Client | None
    keys: KeySet
    issuer: str
    redirect_uri: str = ""
    state: str | None = None
    response_mode: str = "query"
    challenge: str | None = None
    scopes: tuple[str, ...] = ()
    nonce: str | None = None
    prompts: tuple[str, ...] = ()
    max_age: int | None = None
    hinted_user: str | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    acr_values: tuple[str, ...] = ()

    @property
    def known_client(self) -> Client:
        """The client, once `check_client` has passed."""
        assert self.client is not None
        return self.client

    def finish(self) -> AuthorizationRequest:
        """The checked request."""
        return AuthorizationRequest(
            client_id=self.known_client.id,
            redirect_uri=self.redirect_uri,
            scopes=self.scopes,
            state=self.state,
            response_mode=self.response_mode,
            challenge=self.challenge,
            nonce=self.nonce,
            prompts=self.prompts,
            max_age=self.max_age,
            hinted_user=self.hinted_user,
            login_hint=(self.parameters.find("login_hint") or "")[:254],
            claims=self.claims,
            acr_values=self.acr_values,
        )
