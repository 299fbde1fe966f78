"""/account/security: passkeys, codes of an app, recovery codes. Only for who has just signed in,
with all they have: whoever finds an open browser changes nothing here.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from control_plane.kit import clock, rendering
from control_plane.oidc.endpoints.answering import origin_of
from control_plane.oidc.records import Session
from control_plane.oidc.store import has_factor
from control_plane.pages.account.frame import AccountPage, Faults, Sheet, show
from control_plane.pages.visit import Form, Visit
from control_plane.second_factors import enrolling, store, totp
from control_plane.second_factors.enrolling import NewPasskey, Proposal
from control_plane.second_factors.passkeys import BadAnswer
from control_plane.second_factors.proving import WrongCode

FRESH_FOR = timedelta(minutes=15)
_HERE = "/account/security"
_NAME_MAX = 60


def fresh(page: AccountPage) -> AccountPage:
    """To sign-in first, for who did so too long ago, or before there was a second factor."""

    async def handle(visit: Visit, session: Session) -> web.Response:
        weak = "mfa" not in session.methods and await has_factor(
            visit.provider.pool, session.user_id
        )
        if weak or session.authenticated_at < clock.now() - FRESH_FOR:
            return visit.go("/login", next=_HERE)
        return await page(visit, session)

    return handle


async def show_security(visit: Visit, session: Session) -> web.Response:
    return await _page(visit, session, {})


async def change_security(visit: Visit, session: Session) -> web.Response:
    """Whatever the button said."""
    form = await visit.form()
    act = _ACTS.get(form["do"])
    return await act(visit, session, form) if act else visit.go(_HERE)


async def _begin_totp(visit: Visit, session: Session, _: Form) -> web.Response:
    proposal = await enrolling.propose_totp(visit.provider, session.user_id)
    return _totp(visit, proposal, {})


async def _confirm_totp(visit: Visit, session: Session, form: Form) -> web.Response:
    provider, user_id = visit.provider, session.user_id
    try:
        codes = await enrolling.confirm_totp(
            provider, user_id, form["code"], origin_of(visit.request)
        )
    except WrongCode:
        proposal = await enrolling.load_proposal(provider, user_id)
        if proposal is None:
            return visit.go(_HERE)
        return _totp(visit, proposal, {"code": "is not what your app shows now"})
    return await _welcome_back(visit, session, ("otp", "mfa"), codes)


async def _remove_totp(visit: Visit, session: Session, _: Form) -> web.Response:
    await enrolling.remove_totp(visit.provider, session.user_id, origin_of(visit.request))
    return visit.go(_HERE, said="totp_off")


async def _renew_codes(visit: Visit, session: Session, _: Form) -> web.Response:
    origin = origin_of(visit.request)
    codes = await enrolling.renew_recovery_codes(visit.provider, session.user_id, origin)
    return _codes(visit, codes)


async def _add_passkey(visit: Visit, session: Session, form: Form) -> web.Response:
    name = " ".join(form["name"].split())[:_NAME_MAX] or "Passkey"
    new = NewPasskey(visit.browser, form["answer"], name)
    try:
        codes = await enrolling.add_passkey(
            visit.provider, session.user_id, new, origin_of(visit.request)
        )
    except BadAnswer as refusal:
        return await _page(visit, session, {"name": refusal.message})
    return await _welcome_back(visit, session, ("hwk", "mfa"), codes)


async def _remove_passkey(visit: Visit, session: Session, form: Form) -> web.Response:
    credential_id = enrolling.read_id(form["passkey"])
    origin = origin_of(visit.request)
    await enrolling.remove_passkey(visit.provider, session.user_id, credential_id, origin)
    return visit.go(_HERE, said="passkey_off")


_ACTS: dict[str, Callable[[Visit, Session, Form], Awaitable[web.Response]]] = {
    "begin_totp": _begin_totp,
    "confirm_totp": _confirm_totp,
    "remove_totp": _remove_totp,
    "renew_codes": _renew_codes,
    "add_passkey": _add_passkey,
    "remove_passkey": _remove_passkey,
}


async def _welcome_back(
    visit: Visit, session: Session, methods: tuple[str, ...], codes: list[str]
) -> web.Response:
    """The factor was just shown, so this session has it from now on."""
    await visit.sign_in(session.user_id, list(dict.fromkeys((*session.methods, *methods))))
    return _codes(visit, codes) if codes else visit.go(_HERE, said="passkey")


def _totp(visit: Visit, proposal: Proposal, faults: Faults) -> web.Response:
    values = {"secret": proposal.secret, "picture": totp.picture(proposal.address)}
    return show(visit, "totp.html", Sheet(values, faults))


def _codes(visit: Visit, codes: list[str]) -> web.Response:
    return show(visit, "recovery_codes.html", Sheet({"codes": codes}))


async def _page(visit: Visit, session: Session, faults: Faults) -> web.Response:
    values = {
        "factors": await store.load(visit.provider.pool, session.user_id),
        "options": await enrolling.creation_options(visit.provider, session.user_id, visit.browser),
    }
    return show(visit, "security.html", Sheet(values, faults), rendering.OWN_FILES)
