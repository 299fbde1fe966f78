"""A passkey authenticator in software (W3C Web Authentication, sections 6.1 and 6.5), which signs
for whatever origin and relying party it is told, as a browser under attack would not.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftwareAuthenticator:
    """One credential for one origin. `count` grows with each use."""

    origin: str
    rp_id: str
    verified: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, challenge: str) -> str:
        """What `navigator.credentials.create` gives, as JSON. `challenge` is base64url."""
        public = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32), -3: public.y.to_bytes(32)}
        attested = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        data = self._authenticator_data(_ATTESTED) + attested + cbor2.dumps(cose)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("webauthn.create", challenge)
        return self._credential(clientDataJSON=client_data, attestationObject=attestation)

    def sign(self, challenge: str) -> str:
        """What `navigator.credentials.get` gives, as JSON."""
        data = self._authenticator_data(0)
        client_data = self._client_data("webauthn.get", challenge)
        signed = data + hashlib.sha256(client_data).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._credential(
            clientDataJSON=client_data, authenticatorData=data, signature=signature
        )

    def _authenticator_data(self, flags: int) -> bytes:
        self.count += 1
        flags |= _PRESENT | (_VERIFIED if self.verified else 0)
        return (
            hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        values = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(values).encode()

    def _credential(self, **response: bytes) -> str:
        encoded = {name: bytes_to_base64url(value) for name, value in response.items()}
        own_id = bytes_to_base64url(self.credential_id)
        return json.dumps(
            {"id": own_id, "rawId": own_id, "type": "public-key", "response": encoded}
        )
