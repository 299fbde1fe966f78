"""claims: single claims the client wants to see, in the ID token or from userinfo. Asking for `acr`
with a value is asking for that value, as `acr_values` does.
"""

import json
from typing import Any

from control_plane.identity.tokens import id_tokens
from control_plane.oauth import claims
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import invalid_request


def load_claims(draft: Draft) -> None:
    text = draft.parameters.find("claims")
    if text is None:
        return
    asked = _read(text)
    if not claims.is_request(asked):
        raise invalid_request("claims must be a JSON object of claims by part")
    draft.claims = {part: asked.get(part) or {} for part in ("id_token", "userinfo")}
    wanted = (draft.claims["id_token"].get("sub") or {}).get("value")
    if isinstance(wanted, str):
        draft.hinted_user = draft.hinted_user or wanted
    acr = draft.claims["id_token"].get("acr") or {}
    values = acr.get("values")
    asked = [acr.get("value"), *(values if isinstance(values, list) else [])]
    draft.acr_values += tuple(each for each in id_tokens.ACRS if each in asked)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
