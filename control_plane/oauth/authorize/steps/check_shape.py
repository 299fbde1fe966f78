"""No repeated parameter, response_type=code only, and none of the unsupported parameters.

Source: RFC 6749, sections 3.1 and 3.1.1; OpenID Connect Core, section 3.1.2.6.
"""

from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import OAuthError

_UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


def check_shape(draft: Draft) -> None:
    """Raises OAuthError for a repeated or unsupported parameter, or another response_type."""
    draft.parameters.check_single()
    for name, error in _UNSUPPORTED.items():
        if draft.parameters.find(name) is not None:
            raise OAuthError(error, f"the parameter {name} is not supported")
    if draft.parameters.load("response_type") != "code":
        raise OAuthError("unsupported_response_type", "response_type must be code")
