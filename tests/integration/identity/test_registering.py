"""The security list, 4: which addresses an application may return to."""

import pytest

from control_plane.connections import Connections
from control_plane.oidc import registering, store
from control_plane.oidc.records import Client
from shared.errors import Conflict, ValidationFailed

WRONG = [
    *("http://example.com/back", "javascript:alert(1)", "data:text/html,x", "app:/back"),
    *("https://example.com/#x", "https://a@example.com/", "https:///x", "http://localhost.evil/x"),
]
RIGHT = ["https://example.com/back", "http://127.0.0.1/back", "http://[::1]/x", "com.example:/back"]


@pytest.mark.parametrize("uri", WRONG)
def test_4_an_unsafe_redirect_is_not_registered(uri: str) -> None:
    with pytest.raises(ValidationFailed):
        registering.check_redirect_uris([*RIGHT, uri])


async def test_a_secret_is_told_once(connections: Connections) -> None:
    new = Client(*("shop", "Shop", ["openid"], None, RIGHT, [], "web", [], False))
    made, secret = await registering.register(connections.pool, new, confidential=True)
    assert await store.find_client(connections.pool, "shop") == made
    assert secret
    assert secret not in str(made)
    with pytest.raises(Conflict):
        await registering.register(connections.pool, new, confidential=False)
