"""prompt, max_age and acr_values: how the client wants the user to authenticate.

Source: OpenID Connect Core, section 3.1.2.1; for prompt=create, Initiating User Registration via
OpenID Connect 1.0, https://openid.net/specs/openid-connect-prompt-create-1_0.html.
"""

from control_plane.identity.tokens import id_tokens
from control_plane.oauth.authorize.draft import Draft
from control_plane.oauth.errors import invalid_request

PROMPTS = ("none", "login", "consent", "select_account", "create")
_MAX_AGE_DIGITS = 9


def load_prompt(draft: Draft) -> None:
    prompts = tuple(dict.fromkeys((draft.parameters.find("prompt") or "").split()))
    if not set(prompts) <= set(PROMPTS):
        raise invalid_request("prompt has an unknown value")
    if "none" in prompts and len(prompts) > 1:
        raise invalid_request("prompt=none must not be combined with other values")
    draft.prompts = prompts
    draft.max_age = _max_age(draft.parameters.find("max_age"))
    requested = (draft.parameters.find("acr_values") or "").split()
    draft.acr_values = tuple(each for each in requested if each in id_tokens.ACRS)


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_AGE_DIGITS):
        raise invalid_request("max_age must be a whole number of seconds")
    return int(text)
