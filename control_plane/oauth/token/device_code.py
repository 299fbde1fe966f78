"""grant_type=device_code (RFC 8628, section 3.4): the device polls until its user has decided."""

from control_plane.identity.grants import device_store, store
from control_plane.identity.grants.device_store import DeviceCode
from control_plane.kit import crypto
from control_plane.kit.database import Connection
from control_plane.oauth.errors import OAuthError
from control_plane.oauth.token.outcome import Issued, Outcome, Refused, refuse
from control_plane.oauth.token.request import TokenRequest

_SLOWER_S = 5


async def exchange(connection: Connection, token_request: TokenRequest) -> Outcome:
    """Raises OAuthError for a missing parameter."""
    code = token_request.parameters.load("device_code")
    device = await device_store.load(connection, code)
    if device is None or device.client_id != token_request.client.id:
        return refuse("unknown device code")
    waiting = _wait(device)
    if waiting is not None:
        slower_s = _SLOWER_S if waiting.reason == "slow_down" else 0
        await device_store.poll(connection, code, slower_s)
        return waiting
    assert device.grant_id is not None
    grant = await store.load(connection, device.grant_id)
    if grant.revoked_at is not None:
        return refuse("revoked")
    await device_store.consume(connection, code)
    token = crypto.create_secret()
    await store.create_refresh(connection, grant.id, token)
    return Issued(grant, tuple(grant.scopes), token)


def _wait(device: DeviceCode) -> Refused | None:
    """Why there are no tokens (yet); None when they can be issued. Pure."""
    if device.state == "consumed":
        return refuse("device code used")
    if device.state == "denied":
        return _refused("access_denied", "the user denied the request")
    if not device.unexpired:
        return _refused("expired_token", "the device code has expired")
    if device.state == "pending" and device.polled_too_soon:
        return _refused("slow_down", "increase the polling interval by five seconds")
    if device.state == "pending":
        return _refused("authorization_pending", "the user has not decided yet")
    return None


def _refused(error: str, description: str) -> Refused:
    return Refused(OAuthError(error, description), error)
