"""id_token_hint (OpenID Connect Core, section 3.1.2.1): the user the client expects to be signed
in. It may have expired.
"""

from control_plane.identity.tokens import id_tokens
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import invalid_request


def load_hint(draft: Draft) -> None:
    hint = draft.parameters.find("id_token_hint")
    if hint is None:
        return
    claims = id_tokens.read_hint(hint, draft.keys, draft.issuer)
    if claims is None or claims.get("aud") != draft.known_client.id:
        raise invalid_request("id_token_hint is not an ID token of this client")
    draft.hinted_user = str(claims["sub"])
