"""openid-client and oauth4webapi, by node: login, refresh, userinfo, revocation, end to end.

Where there is no node nothing is judged, and the run says so; under CI that is a failure.
"""

import asyncio
import json
import os

import pytest
from aiohttp.test_utils import TestServer

from control_plane.app import build_app
from control_plane.container import Container
from control_plane.identity.users.records import User
from control_plane.settings import Settings
from tests.integration.identity.browser import PASSWORD
from tests.support.judges import installed


async def test_two_clients_from_npm_sign_in(
    settings: Settings, container: Container, user: User, free_port: int
) -> None:
    node = await asyncio.to_thread(installed.javascript)
    if node is None:
        assert "CI" not in os.environ, installed.NO_NODE
        pytest.skip(installed.NO_NODE)
    issuer = f"http://127.0.0.1:{free_port}"
    served = settings.model_copy(update={"public_url": issuer})
    async with TestServer(build_app(served, container), port=free_port):
        process = await asyncio.create_subprocess_exec(
            node,
            "sign_in.mjs",
            issuer,
            user.email,
            cwd=installed.JAVASCRIPT,
            env={**os.environ, "PASSWORD": PASSWORD},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    first, second = json.loads(output)
    assert first == {"email": user.email, "rotated": True, "after": "invalid_grant"}
    assert (second["email"], second["rotated"]) == (user.email, True)
    assert second["after"] in {"invalid_token", 401}
