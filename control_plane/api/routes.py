"""Every path of the JSON API as a table: method, path, scope, endpoint."""

from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CollectorRegistry

from control_plane.api import auth, internal
from control_plane.api.request import ApiContext, Endpoint, OpenEndpoint, authenticated, public
from control_plane.api.v1 import (
    api_keys,
    gemini_models,
    models,
    plans,
    preferences,
    rate_limits,
    security,
    sessions,
    usage,
    users,
)
from control_plane.api.v1 import credits as credit_endpoints
from control_plane.http import health
from control_plane.http.routing import add_route
from shared.auth.principal import SCOPE_CREDITS, SCOPE_MODELS, SCOPE_USER


@dataclass(frozen=True, slots=True)
class Route:
    """Requires a token with this scope."""

    method: str
    path: str
    scope: str
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """Without authentication by the table; an endpoint may check its caller itself."""

    method: str
    path: str
    endpoint: OpenEndpoint


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v1/models", SCOPE_MODELS, models.list_models),
    Route("GET", "/v1/models/{id}", SCOPE_MODELS, models.load_model),
    Route("GET", "/v1beta/models", SCOPE_MODELS, gemini_models.list_models),
    Route("GET", "/v1beta/models/{id}", SCOPE_MODELS, gemini_models.load_model),
    Route("GET", "/v1/credits/me", SCOPE_CREDITS, credit_endpoints.load_credits),
    Route("GET", "/api/user/credits", SCOPE_CREDITS, credit_endpoints.load_view),
    Route("GET", "/v1/rate-limit", SCOPE_CREDITS, rate_limits.load_limits),
    Route("GET", "/api/user/profile", SCOPE_USER, users.load_view),
    Route("GET", "/v1/users/me", SCOPE_USER, users.load_me),
    Route("PATCH", "/v1/users/me", SCOPE_USER, users.change_me),
    Route("DELETE", "/v1/users/me", SCOPE_USER, users.delete_me),
    Route("POST", "/v1/users/me/password", SCOPE_USER, users.change_password),
    Route("POST", "/v1/users/me/email", SCOPE_USER, users.change_email),
    Route("POST", "/v1/users/me/verification", SCOPE_USER, users.resend_verification),
    Route("GET", "/v1/users/me/preferences", SCOPE_USER, preferences.load_preferences),
    Route("PATCH", "/v1/users/me/preferences", SCOPE_USER, preferences.change_preferences),
    Route("GET", "/v1/users/me/preferences/model", SCOPE_USER, preferences.load_model),
    Route("POST", "/v1/users/me/preferences/model", SCOPE_USER, preferences.change_model),
    Route("GET", "/v1/users/me/sessions", SCOPE_USER, sessions.list_sessions),
    Route("DELETE", "/v1/users/me/sessions", SCOPE_USER, sessions.end_sessions),
    Route("DELETE", "/v1/users/me/sessions/{id}", SCOPE_USER, sessions.end_session),
    Route("GET", "/v1/users/me/security", SCOPE_USER, security.load_security),
    Route("POST", "/v1/users/me/security/totp", SCOPE_USER, security.begin_totp),
    Route("POST", "/v1/users/me/security/totp/confirm", SCOPE_USER, security.confirm_totp),
    Route("DELETE", "/v1/users/me/security/totp", SCOPE_USER, security.remove_totp),
    Route("POST", "/v1/users/me/security/recovery-codes", SCOPE_USER, security.regenerate_codes),
    Route("DELETE", "/v1/users/me/security/passkeys/{id}", SCOPE_USER, security.remove_passkey),
    Route("GET", "/v1/api-keys", SCOPE_USER, api_keys.list_keys),
    Route("POST", "/v1/api-keys", SCOPE_USER, api_keys.create_key),
    Route("DELETE", "/v1/api-keys/{id}", SCOPE_USER, api_keys.revoke_key),
    Route("GET", "/v1/usage", SCOPE_CREDITS, usage.list_usage),
    Route("GET", "/v1/usage/stats", SCOPE_CREDITS, usage.list_statistics),
)

OPEN_ROUTES: tuple[OpenRoute, ...] = (
    OpenRoute("GET", "/v1/subscription-plans", plans.list_plans),
    OpenRoute("POST", "/auth/register", auth.register),
    OpenRoute("POST", "/auth/verify-email", auth.verify_email),
    OpenRoute("POST", "/auth/forgot-password", auth.forgot_password),
    OpenRoute("POST", "/auth/reset-password", auth.reset_password),
)


INTERNAL_ROUTES: tuple[OpenRoute, ...] = (
    OpenRoute("POST", "/internal/accounts/{id}/load", internal.load_account),
)
"""On a port of their own, which the edge does not reach."""


def add_routes(app: web.Application, context: ApiContext) -> None:
    """Add all public API endpoints and health."""
    for route in ROUTES:
        handler = authenticated(context, route.scope, route.endpoint)
        add_route(app, route.method, route.path, handler)
    for each in OPEN_ROUTES:
        add_route(app, each.method, each.path, public(context, each.endpoint))
    checks = health.build_checks(context.settings, context.container)
    add_route(app, "GET", "/health", health.live)
    add_route(app, "GET", "/health/ready", health.ready(checks))


def add_internal_routes(
    app: web.Application, context: ApiContext, registry: CollectorRegistry
) -> None:
    """Add what only the deployment itself may call, and metrics."""
    for each in INTERNAL_ROUTES:
        add_route(app, each.method, each.path, public(context, each.endpoint))
    add_route(app, "GET", "/health", health.live)
    add_route(app, "GET", "/metrics", health.metrics(registry))
