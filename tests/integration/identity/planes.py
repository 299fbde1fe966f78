"""Who is let in, by either plane."""

from control_plane.container import Container
from inference_plane.runtime.revocations import Revocations
from shared.auth import access_tokens
from shared.auth.api_keys import PREFIX, ApiKeys
from shared.errors import Unauthorized
from tests.integration.identity.browser import Client
from tests.integration.identity.mailbox import ISSUER
from tests.support.caller import Caller


async def inference_plane_accepts(container: Container, credential: str) -> bool:
    """As a replica decides it that has read what is published now."""
    revocations = Revocations(container.redis)
    await revocations.refresh()
    try:
        if credential.startswith(PREFIX):
            await ApiKeys(container.redis).verify(credential)
            return True
        keys = await container.keys.load_verifiers()
        principal = access_tokens.verify(credential, keys, ISSUER)
    except Unauthorized:
        return False
    return not revocations.includes(principal.session, principal.token_id)


async def control_plane_status(client: Client, credential: str, path: str = "/v1/models") -> int:
    return (await Caller(client, credential).ask("GET", path))[0]
