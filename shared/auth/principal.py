"""The verified caller, and the scopes that a route may require of one."""

from dataclasses import dataclass

from shared.errors import Forbidden

SCOPE_INFERENCE = "llm.inference"
SCOPE_MODELS = "models.read"
SCOPE_USER = "user.info"
SCOPE_CREDITS = "credits.read"


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. An account has the id of its user.

    `token_id` and `session` (the claims `jti` and `sid`) can be revoked before the token expires.
    With an API key, `api_key` is the key's id and `cap` its own limit in micro-credits; -1 is none.
    `expires_at_s` is in seconds since 1970; 0 for an API key that does not expire.
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

    def require(self, scope: str) -> None:
        """Raises Forbidden, with the scope in its details."""
        if scope not in self.scopes:
            raise Forbidden(
                f"This request requires the scope {scope}.", details={"required_scope": scope}
            )
