"""How the provider refuses: as OAuth has it, or, before it knows where to send somebody, a page."""

from collections.abc import Mapping


class OAuthError(Exception):
    """For the client, as JSON or by redirect. `description` never repeats what was sent."""

    def __init__(
        self,
        error: str,
        description: str,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.error, self.description, self.status = error, description, status
        self.headers = dict(headers or {})
        super().__init__(f"{error}: {description}")


class PageError(Exception):
    """For the person in front of the browser: who asked cannot be trusted with a redirect."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.message, self.status = message, status
        super().__init__(message)


def invalid_request(description: str) -> OAuthError:
    return OAuthError("invalid_request", description)


def invalid_grant() -> OAuthError:
    """Why is nobody's business but the log's."""
    return OAuthError("invalid_grant", "the grant is invalid, expired, revoked or another's")


def invalid_client(*, by_header: bool = False) -> OAuthError:
    """401; a client that used the Authorization header is told how to."""
    headers = {"WWW-Authenticate": 'Basic realm="oauth"'} if by_header else {}
    return OAuthError("invalid_client", "client authentication failed", status=401, headers=headers)
