"""The `claims` parameter (OpenID Connect Core, section 5.5): individual claims for the ID token or
userinfo. A requested value of `acr` has the effect of `acr_values`.
"""

from typing import Any

from control_plane.identity.tokens import id_tokens
from control_plane.oauth import claims
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import invalid_request
from shared import json_values
from shared.errors import InvalidRequest


def load_claims(draft: Draft) -> None:
    text = draft.parameters.find("claims")
    if text is None:
        return
    requested = _read(text)
    if not claims.is_request(requested):
        raise invalid_request("claims must be a JSON object of claims by part")
    draft.claims = {part: requested.get(part) or {} for part in ("id_token", "userinfo")}
    subject = (draft.claims["id_token"].get("sub") or {}).get("value")
    if isinstance(subject, str):
        draft.hinted_user = draft.hinted_user or subject
    acr = draft.claims["id_token"].get("acr") or {}
    values = acr.get("values")
    requested = [acr.get("value"), *(values if isinstance(values, list) else [])]
    draft.acr_values += tuple(each for each in id_tokens.ACRS if each in requested)


def _read(text: str) -> Any:
    try:
        return json_values.decode(text.encode(errors="replace"))
    except InvalidRequest:
        return None
