"""Errors of the OAuth endpoints (RFC 6749, section 5.2), and errors shown to the user as a page."""

from collections.abc import Mapping


class OAuthError(Exception):
    """For the client, as JSON or by redirect. `description` never contains request input."""

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
    """For the user: the request is not trusted enough to redirect (RFC 6749, section 4.1.2.1)."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.message, self.status = message, status
        super().__init__(message)


def invalid_request(description: str) -> OAuthError:
    return OAuthError("invalid_request", description)


def invalid_grant() -> OAuthError:
    """The description is always the same; the reason is only logged."""
    return OAuthError(
        "invalid_grant", "the grant is invalid, expired, revoked or issued to another client"
    )


def invalid_client(*, by_header: bool = False) -> OAuthError:
    """401, with WWW-Authenticate for a client that used the Authorization header."""
    headers = {"WWW-Authenticate": 'Basic realm="oauth"'} if by_header else {}
    return OAuthError("invalid_client", "client authentication failed", status=401, headers=headers)
