"""Who is asking: what an access token says, and how both planes write and read it.

Access tokens are JWTs as RFC 9068 has them: header `typ` is `at+jwt`, RS256, `iss` the public URL,
`aud` the API, `sub` the user's id, `scope` a space-separated list, `client_id` and `jti`.
"""

from dataclasses import dataclass

AUDIENCE = "headrace"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - the header's value, not a secret
ALGORITHM = "RS256"

SCOPE_INFERENCE = "llm.inference"
SCOPE_MODELS = "models.read"
SCOPE_USER = "user.info"
SCOPE_CREDITS = "credits.read"


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. An account has its user's id.

    `token_id` and `session` (the claims `jti` and `sid`) are what may be revoked before the token
    expires. `api_key` is the id of the key where one was shown, `cap` its own in micro-credits.
    """

    user_id: str
    client_id: str
    scopes: frozenset[str]
    expires_at_s: int
    token_id: str = ""
    session: str = ""
    api_key: str = ""
    cap: int = -1

    @property
    def account(self) -> str:
        return self.user_id
