"""claims: single claims the client wants to see, in the ID token or from userinfo."""

import json
from typing import Any

from control_plane.oidc import claims
from control_plane.oidc.authorization.draft import Draft
from control_plane.oidc.errors import invalid_request


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


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
