"""How the answer goes back. Before everything else that may be refused, so that the refusal goes
back in the same way.
"""

from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import OAuthError

MODES = ("query", "form_post")


def load_response(draft: Draft) -> None:
    if draft.parameters.is_single("state"):
        draft.state = draft.parameters.find("state")
    mode = draft.parameters.find("response_mode") or "query"
    if mode not in MODES or not draft.parameters.is_single("response_mode"):
        raise OAuthError("unsupported_response_mode", "response_mode is query or form_post")
    draft.response_mode = mode
