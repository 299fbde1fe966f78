"""/account/security: passkeys, codes of an app, recovery codes. Only for who has just signed in,
with all they have: whoever finds an open browser changes nothing here.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from control_plane.identity.mfa import enrollment, store, totp
from control_plane.identity.mfa.enrollment import NewPasskey, Proposal
from control_plane.identity.mfa.passkeys import BadAnswer
from control_plane.identity.mfa.store import has_factor
from control_plane.identity.mfa.verification import WrongCode
from control_plane.identity.sessions.records import Session
from control_plane.kit import clock, rendering
from control_plane.kit.client_info import client_info_of
from control_plane.pages.account.layout import AccountPage, Faults, Sheet, show
from control_plane.pages.request import Form, PageRequest

FRESH_FOR = timedelta(minutes=15)
_HERE = "/account/security"
_NAME_MAX = 60


def fresh(page: AccountPage) -> AccountPage:
    """To sign-in first, for who did so too long ago, or before there was a second factor."""

    async def handle(request: PageRequest, session: Session) -> web.Response:
        weak = "mfa" not in session.methods and await has_factor(
            request.context.pool, session.user_id
        )
        if weak or session.authenticated_at < clock.now() - FRESH_FOR:
            return request.go("/login", next=_HERE)
        return await page(request, session)

    return handle


async def show_security(request: PageRequest, session: Session) -> web.Response:
    return await _page(request, session, {})


async def change_security(request: PageRequest, session: Session) -> web.Response:
    """Whatever the button said."""
    form = await request.form()
    act = _ACTS.get(form["do"])
    return await act(request, session, form) if act else request.go(_HERE)


async def _begin_totp(request: PageRequest, session: Session, _: Form) -> web.Response:
    proposal = await enrollment.propose_totp(request.context, session.user_id)
    return _totp(request, proposal, {})


async def _confirm_totp(request: PageRequest, session: Session, form: Form) -> web.Response:
    context, user_id = request.context, session.user_id
    try:
        codes = await enrollment.confirm_totp(
            context, user_id, form["code"], client_info_of(request.http)
        )
    except WrongCode:
        proposal = await enrollment.load_proposal(context, user_id)
        if proposal is None:
            return request.go(_HERE)
        return _totp(request, proposal, {"code": "is not what your app shows now"})
    return await _welcome_back(request, session, ("otp", "mfa"), codes)


async def _remove_totp(request: PageRequest, session: Session, _: Form) -> web.Response:
    await enrollment.remove_totp(request.context, session.user_id, client_info_of(request.http))
    return request.go(_HERE, said="totp_off")


async def _renew_codes(request: PageRequest, session: Session, _: Form) -> web.Response:
    origin = client_info_of(request.http)
    codes = await enrollment.renew_recovery_codes(request.context, session.user_id, origin)
    return _codes(request, codes)


async def _add_passkey(request: PageRequest, session: Session, form: Form) -> web.Response:
    name = " ".join(form["name"].split())[:_NAME_MAX] or "Passkey"
    new = NewPasskey(request.browser, form["answer"], name)
    try:
        codes = await enrollment.add_passkey(
            request.context, session.user_id, new, client_info_of(request.http)
        )
    except BadAnswer as refusal:
        return await _page(request, session, {"name": refusal.message})
    return await _welcome_back(request, session, ("hwk", "mfa"), codes)


async def _remove_passkey(request: PageRequest, session: Session, form: Form) -> web.Response:
    credential_id = enrollment.read_id(form["passkey"])
    origin = client_info_of(request.http)
    await enrollment.remove_passkey(request.context, session.user_id, credential_id, origin)
    return request.go(_HERE, said="passkey_off")


_ACTS: dict[str, Callable[[PageRequest, Session, Form], Awaitable[web.Response]]] = {
    "begin_totp": _begin_totp,
    "confirm_totp": _confirm_totp,
    "remove_totp": _remove_totp,
    "renew_codes": _renew_codes,
    "add_passkey": _add_passkey,
    "remove_passkey": _remove_passkey,
}


async def _welcome_back(
    request: PageRequest, session: Session, methods: tuple[str, ...], codes: list[str]
) -> web.Response:
    """The factor was just shown, so this session has it from now on."""
    await request.sign_in(session.user_id, list(dict.fromkeys((*session.methods, *methods))))
    return _codes(request, codes) if codes else request.go(_HERE, said="passkey")


def _totp(request: PageRequest, proposal: Proposal, faults: Faults) -> web.Response:
    values = {"secret": proposal.secret, "picture": totp.picture(proposal.address)}
    return show(request, "totp.html", Sheet(values, faults))


def _codes(request: PageRequest, codes: list[str]) -> web.Response:
    return show(request, "recovery_codes.html", Sheet({"codes": codes}))


async def _page(request: PageRequest, session: Session, faults: Faults) -> web.Response:
    values = {
        "factors": await store.load(request.context.pool, session.user_id),
        "options": await enrollment.creation_options(
            request.context, session.user_id, request.browser
        ),
    }
    return show(request, "security.html", Sheet(values, faults), rendering.OWN_FILES)
