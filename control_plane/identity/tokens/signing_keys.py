"""Signing keys: created on first use, stored encrypted, rotated, published as a JWKS (RFC 7517).

Private keys are sealed under a key derived from HEADRACE_SECRET_KEY and bound to the key id, so a
database dump cannot sign tokens.
"""

import asyncio
from typing import Any

from cryptography.exceptions import InvalidTag
from joserfc.jwk import KeyParameters, KeySet, RSAKey

from control_plane.identity.tokens import store
from control_plane.identity.tokens.records import SealedKey
from control_plane.kit import clock, crypto
from control_plane.kit.database import Pool, locked
from shared.auth import access_tokens
from shared.auth.access_tokens import ALGORITHM
from shared.errors import InternalError

_BITS = 2048
_ROTATE_S = 90 * 86400
_PUBLISHED_S = 86400
"""How long a new key is published before it signs."""

_PURPOSE: KeyParameters = {"alg": ALGORITHM, "use": "sig"}


class SecretKeyChanged(InternalError):
    """The signing key was encrypted with a different HEADRACE_SECRET_KEY."""


class Keys:
    """The keys of this deployment. `secret`: 32 bytes, derived for this purpose only."""

    def __init__(self, pool: Pool, secret: bytes) -> None:
        self._pool, self._secret = pool, secret
        self._opened: dict[str, RSAKey] = {}

    async def load_signing(self) -> RSAKey:
        """The key to sign with; created by the first call ever. Raises SecretKeyChanged."""
        key = (await self._load())[0]
        if key.kid not in self._opened:
            self._opened = {key.kid: self._unseal(key)}
        return self._opened[key.kid]

    async def rotate(self, *, after_s: int = _ROTATE_S, ahead_s: int = _PUBLISHED_S) -> None:
        """Create the next key when the newest is older than `after_s`, and retire replaced keys.

        The next key signs after `ahead_s` seconds, when every verifier has fetched it. A retired
        key stays published for another day, longer than any token is valid.
        """
        async with locked(self._pool, "signing keys") as connection:
            await store.retire_keys(connection)
            keys = [key for key in await store.list_keys(connection) if not key.retired]
            if keys and all(_is_older(key, after_s) for key in keys):
                await store.create_key(connection, await asyncio.to_thread(self._create), ahead_s)

    async def load_public(self) -> dict[str, list[dict[str, Any]]]:
        """The JWKS: the public key of every key whose tokens may still be valid."""
        return {"keys": [key.public_jwk for key in await self._load()]}

    async def load_verifiers(self) -> dict[str, Any]:
        """The public keys by `kid`, as `shared.auth.access_tokens.verify` takes them."""
        return access_tokens.read_jwks(await self.load_public())

    async def load_verifying(self) -> KeySet:
        """The keys to verify tokens with."""
        return KeySet.import_key_set(await self.load_public())  # type: ignore[arg-type]

    async def _load(self) -> list[SealedKey]:
        keys = await store.list_keys(self._pool)
        if keys:
            return keys
        async with locked(self._pool, "signing keys") as connection:
            if not await store.list_keys(connection):
                await store.create_key(connection, await asyncio.to_thread(self._create))
            return await store.list_keys(connection)

    def _create(self) -> SealedKey:
        key = RSAKey.generate_key(_BITS, auto_kid=False)
        kid = key.thumbprint()
        public = {**key.as_dict(private=False), **_PURPOSE, "kid": kid}
        sealed = crypto.seal(self._secret, key.as_pem(private=True), kid.encode())
        return SealedKey(kid, public, sealed)

    def _unseal(self, key: SealedKey) -> RSAKey:
        try:
            pem = crypto.unseal(self._secret, key.private_sealed, key.kid.encode())
        except InvalidTag as error:
            raise SecretKeyChanged from error
        return RSAKey.import_key(pem, {**_PURPOSE, "kid": key.kid})


def _is_older(key: SealedKey, seconds: int) -> bool:
    assert key.created_at is not None
    return (clock.now() - key.created_at).total_seconds() >= seconds
