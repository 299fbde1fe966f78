"""WebAuthn's two ceremonies (W3C, Web Authentication Level 3), without I/O.

Keys are discoverable and verify their user, by a finger, a face or a PIN; so one of them is two
factors, and signs in without a name. Whose they are for and where from is the issuer's word alone.
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


class BadAnswer(InvalidRequest):
    """This passkey was not accepted: try again, or sign in another way."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Used:
    """`method` is RFC 8176's: a key that is synchronised is software's, else hardware's."""

    sign_count: int
    method: str


def creation_options(
    issuer: str, user_id: str, email: str, challenge: bytes, known: Sequence[Passkey]
) -> str:
    """For `navigator.credentials.create`, as JSON."""
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
            exclude_credentials=_described(known),
        )
    )


def request_options(issuer: str, challenge: bytes, known: Sequence[Passkey] = ()) -> str:
    """For `navigator.credentials.get`, as JSON; with none known, whichever the user picks."""
    return options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_host(issuer),
            challenge=challenge,
            allow_credentials=_described(known),
            user_verification=_VERIFIED,
        )
    )


def read_created(answer: str) -> bytes:
    """The challenge that this answers. Raises BadAnswer."""
    try:
        response = parse_registration_credential_json(answer).response
        return parse_client_data_json(response.client_data_json).challenge
    except (WebAuthnException, ValueError) as error:
        raise BadAnswer from error


def read_used(answer: str) -> tuple[bytes, bytes]:
    """The credential's id, and the challenge that this answers. Raises BadAnswer."""
    try:
        credential = parse_authentication_credential_json(answer)
        told = parse_client_data_json(credential.response.client_data_json)
    except (WebAuthnException, ValueError) as error:
        raise BadAnswer from error
    return credential.raw_id, told.challenge


def check_created(answer: str, challenge: bytes, issuer: str) -> Made:
    """Raises BadAnswer."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(issuer),
            expected_origin=issuer,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise BadAnswer from error
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def check_used(answer: str, challenge: bytes, issuer: str, passkey: Passkey) -> Used:
    """Raises BadAnswer: also where its counter has not grown, as that of a copied key does not."""
    try:
        used = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(issuer),
            expected_origin=issuer,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise BadAnswer from error
    return Used(used.new_sign_count, "swk" if used.credential_backed_up else "hwk")


def _described(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in known]


def _host(issuer: str) -> str:
    return urlsplit(issuer).hostname or ""
