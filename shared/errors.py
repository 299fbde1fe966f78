"""The errors of the HTTP contract, one class each: code, status and a public message.

    Refusal
    ├── InvalidRequest 400 (ContextLengthExceeded)  Unauthorized 401  Forbidden 403
    ├── InsufficientCredits 403 ModelAccessRestricted 403  AccountSuspended 403
    ├── RecentAuthenticationRequired 403
    ├── NotFound 404            ModelNotFound 404       MethodNotAllowed 405
    ├── Conflict 409            IdempotencyConflict 409
    ├── PayloadTooLarge 413     RequestTooLargeForPlan 413 (PromptTooLargeForPlan 400)
    ├── UnsupportedMediaType 415  ExpectationFailed 417
    ├── ValidationFailed 422
    ├── RateLimitExceeded 429   InternalError 500
    └── UpstreamError 502       ServiceUnavailable 503  UpstreamTimeout 504

The docstring is the default message. `details` is public; a private cause goes into `__cause__`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from shared.wordings import Wordings


class Refusal(Exception):
    """The request was refused."""

    code: ClassVar[str]
    status: ClassVar[int]
    type: ClassVar[str] = "invalid_request_error"

    def __init__(
        self,
        message: str | None = None,
        *,
        param: str | None = None,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        wordings: Wordings | None = None,
    ) -> None:
        self.wordings = dict(wordings or {})
        self.message = message or (self.__doc__ or "").strip()
        self.param = param
        self.details = dict(details or {})
        self.headers = dict(headers or {})
        super().__init__(self.message)

    def body(self, request_id: str, vendor: str = "") -> dict[str, Any]:
        """The standard error body of every JSON endpoint; in a vendor's words, where it has any."""
        return {
            "error": {
                "code": self.code,
                "message": self.wordings.get(vendor, self.message),
                "type": self.type,
                "param": self.param,
                "details": self.details,
                "request_id": request_id,
            }
        }


class InvalidRequest(Refusal):
    """The request is invalid."""

    code, status = "invalid_request", 400


class ContextLengthExceeded(InvalidRequest):
    """The prompt is too long for this model."""

    code = "context_length_exceeded"


class Unauthorized(Refusal):
    """A valid access token or API key is required. Sign in again."""

    code, status, type = "unauthorized", 401, "authentication_error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Refusal):
    """This token does not have permission for this request."""

    code, status, type = "forbidden", 403, "permission_error"


class InsufficientCredits(Refusal):
    """Not enough credits for this request."""

    code, status, type = "insufficient_credits", 403, "permission_error"


class ModelAccessRestricted(Refusal):
    """This model requires a higher plan."""

    code, status, type = "model_access_restricted", 403, "permission_error"


class AccountSuspended(Refusal):
    """This account is suspended."""

    code, status, type = "account_suspended", 403, "permission_error"


class RecentAuthenticationRequired(Refusal):
    """Confirm this with your current password, or sign in again."""

    code, status, type = "recent_authentication_required", 403, "permission_error"


class NotFound(Refusal):
    """The requested resource was not found."""

    code, status = "not_found", 404


class ModelNotFound(Refusal):
    """The model was not found."""

    code, status = "model_not_found", 404


class MethodNotAllowed(Refusal):
    """This method is not allowed here."""

    code, status = "invalid_request", 405


class Conflict(Refusal):
    """The resource already exists."""

    code, status = "conflict", 409


class IdempotencyConflict(Refusal):
    """This Idempotency-Key was already used for a different request."""

    code, status = "idempotency_conflict", 409


class PayloadTooLarge(Refusal):
    """The request body is too large."""

    code, status = "payload_too_large", 413


class RequestTooLargeForPlan(Refusal):
    """The request alone is larger than your plan allows."""

    code, status = "request_too_large_for_plan", 413


class PromptTooLargeForPlan(RequestTooLargeForPlan):
    """This prompt alone is larger than your plan allows. A shorter one works."""

    status = 400


class UnsupportedMediaType(Refusal):
    """The request body must be JSON (Content-Type: application/json)."""

    code, status = "unsupported_media_type", 415


class ExpectationFailed(Refusal):
    """The header `Expect` may only be `100-continue`."""

    code, status = "invalid_request", 417


class ValidationFailed(Refusal):
    """Some fields are invalid."""

    code, status = "validation_error", 422


class RateLimitExceeded(Refusal):
    """You have reached a limit of your plan."""

    code, status, type = "rate_limit_exceeded", 429, "rate_limit_error"


class InternalError(Refusal):
    """Something went wrong on our side. Include the request ID when you contact support."""

    code, status, type = "internal_server_error", 500, "api_error"


class UpstreamError(Refusal):
    """The model's provider failed before the response started. Nothing was charged."""

    code, status, type = "upstream_error", 502, "api_error"


class ServiceUnavailable(Refusal):
    """The service is temporarily unavailable. Nothing was charged. Try again."""

    code, status, type = "service_unavailable", 503, "api_error"

    def __init__(self, message: str | None = None, *, retry_after_s: int = 2) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after_s)})


class UpstreamTimeout(Refusal):
    """The model's provider did not respond in time. Nothing was charged."""

    code, status, type = "upstream_timeout", 504, "api_error"


class CreditsExhausted(Refusal):
    """Your credits ran out during the response. You were charged for what you received."""

    code, status, type = "credits_exhausted", 403, "permission_error"
