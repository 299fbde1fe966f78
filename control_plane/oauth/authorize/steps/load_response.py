"""state and response_mode. The first step whose errors are redirected, so that all of them use the
requested mode.

Source: RFC 6749, section 4.1.1; OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1;
OAuth 2.0 Form Post Response Mode,
https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html.
"""

from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import OAuthError

MODES = ("query", "form_post")


def load_response(draft: Draft) -> None:
    """Raises OAuthError unsupported_response_mode for a mode that is not in MODES."""
    if draft.parameters.is_single("state"):
        draft.state = draft.parameters.find("state")
    mode = draft.parameters.find("response_mode") or "query"
    if mode not in MODES or not draft.parameters.is_single("response_mode"):
        raise OAuthError("unsupported_response_mode", "response_mode must be query or form_post")
    draft.response_mode = mode
