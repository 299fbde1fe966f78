"""PKCE with S256 (RFC 7636): required for public clients, optional for confidential ones."""

from control_plane.oauth import pkce
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import invalid_request


def check_pkce(draft: Draft) -> None:
    challenge = draft.parameters.find("code_challenge")
    method = draft.parameters.find("code_challenge_method")
    if challenge is None:
        if draft.known_client.is_public or method is not None:
            raise invalid_request("PKCE is required: code_challenge is missing")
        return
    if method != "S256":
        raise invalid_request("code_challenge_method must be S256")
    if not pkce.is_well_formed(challenge) or len(challenge) != 43:
        raise invalid_request("code_challenge must be 43 characters of base64url")
    draft.challenge = challenge
