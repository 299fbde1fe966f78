"""Confirms a sensitive change. An access token alone is not enough: it may be stolen, or belong to
an application that its user trusts with something else.

Either the body has `current_password`, or the grant of the token comes from a recent sign-in, with
the second factor if the user has one.
"""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from control_plane.api import bodies
from control_plane.api.request import ApiRequest
from control_plane.identity import credentials
from control_plane.identity.grants import store as grants
from control_plane.identity.lifetimes import RECENT_AUTHENTICATION_S
from control_plane.identity.mfa import store, verification
from control_plane.kit import clock
from control_plane.kit.client_info import client_info_of
from shared.errors import RecentAuthenticationRequired

Secret = Annotated[str, StringConstraints(max_length=1000)]


class Confirmation(BaseModel):
    """`code`: from the authenticator app, or a recovery code."""

    model_config = ConfigDict(extra="forbid")

    current_password: Secret | None = None
    code: Secret = ""


Confirmed = TypeVar("Confirmed", bound=Confirmation)


async def read_confirmed(
    request: ApiRequest, model: type[Confirmed], *, code_required: bool = False
) -> Confirmed:
    """The body, once its sender is known to be the user.

    `code_required`: with a password, also a code if the user has a second factor. Raises
    RecentAuthenticationRequired, IncorrectPassword, InvalidCode or TooManyAttempts.
    """
    body = await bodies.read_optional(request.http, model)
    if body.current_password is None:
        await _check_sign_in(request)
        return body
    identity, user_id = request.identity, request.user.id
    await credentials.check_password(identity, user_id, body.current_password)
    if code_required and await store.has_second_factor(identity.pool, user_id):
        client_info = client_info_of(request.http)
        await verification.check_code(identity, user_id, body.code, client_info)
    return body


async def _check_sign_in(request: ApiRequest) -> None:
    grant = await grants.find_live(request.pool, request.session)
    if grant is None:
        raise RecentAuthenticationRequired
    age_s = (clock.now() - grant.authenticated_at).total_seconds()
    weak = "mfa" not in grant.methods and await store.has_second_factor(
        request.pool, request.user.id
    )
    if weak or age_s > RECENT_AUTHENTICATION_S:
        raise RecentAuthenticationRequired
