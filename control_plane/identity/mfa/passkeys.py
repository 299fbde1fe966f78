"""The WebAuthn ceremonies (W3C Web Authentication Level 3), without I/O.

Passkeys are discoverable credentials with user verification, so one passkey counts as two factors
and signs a user in without a name. RP id and origin are taken from the issuer only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from control_plane.identity.mfa.records import Passkey
from shared.errors import InvalidRequest

SERVICE = "Headrace"
_VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyRejected(InvalidRequest):
    """This passkey was not accepted. Try again or sign in another way."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A verified new credential."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Assertion:
    """`method` (RFC 8176): `swk` for a synced passkey, `hwk` for a device-bound one."""

    sign_count: int
    method: str


def creation_options(
    issuer: str, user_id: str, email: str, challenge: bytes, known: Sequence[Passkey]
) -> str:
    """Options for `navigator.credentials.create`, as JSON. `known` are excluded."""
    return options_to_json(
        webauthn.generate_registration_options(
            rp_id=_host(issuer),
            rp_name=SERVICE,
            user_id=UUID(user_id).bytes,
            user_name=email,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
            ),
            exclude_credentials=_descriptors(known),
        )
    )


def request_options(issuer: str, challenge: bytes, known: Sequence[Passkey] = ()) -> str:
    """Options for `navigator.credentials.get`, as JSON. Without `known` any passkey may be used."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_host(issuer),
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=_VERIFIED,
        )
    )


def read_registration(credential_json: str) -> bytes:
    """The challenge of a registration response in JSON. Raises PasskeyRejected."""
    try:
        response = parse_registration_credential_json(credential_json).response
        return parse_client_data_json(response.client_data_json).challenge
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRejected from error


def read_assertion(credential_json: str) -> tuple[bytes, bytes]:
    """Credential id and challenge of an assertion in JSON. Raises PasskeyRejected."""
    try:
        credential = parse_authentication_credential_json(credential_json)
        client_data = parse_client_data_json(credential.response.client_data_json)
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRejected from error
    return credential.raw_id, client_data.challenge


def verify_registration(credential_json: str, challenge: bytes, issuer: str) -> NewCredential:
    """Verify a registration response in JSON. Raises PasskeyRejected."""
    try:
        made = webauthn.verify_registration_response(
            credential=credential_json,
            expected_challenge=challenge,
            expected_rp_id=_host(issuer),
            expected_origin=issuer,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRejected from error
    return NewCredential(made.credential_id, made.credential_public_key, made.sign_count)


def verify_assertion(
    credential_json: str, challenge: bytes, issuer: str, passkey: Passkey
) -> Assertion:
    """Verify an assertion in JSON. Raises PasskeyRejected, also for a counter that did not grow,
    which indicates a copied key.
    """
    try:
        used = webauthn.verify_authentication_response(
            credential=credential_json,
            expected_challenge=challenge,
            expected_rp_id=_host(issuer),
            expected_origin=issuer,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise PasskeyRejected from error
    return Assertion(used.new_sign_count, "swk" if used.credential_backed_up else "hwk")


def _descriptors(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in known]


def _host(issuer: str) -> str:
    return urlsplit(issuer).hostname or ""
