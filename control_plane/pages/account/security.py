"""/account/security: passkeys, authenticator app and recovery codes.

Requires a recent sign-in with all factors the user has, so that an unattended browser is not
enough.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from control_plane.identity.lifetimes import RECENT_AUTHENTICATION_S
from control_plane.identity.mfa import enrollment, store, totp
from control_plane.identity.mfa.enrollment import NewPasskey, TotpEnrollment
from control_plane.identity.mfa.passkeys import PasskeyRejected
from control_plane.identity.mfa.records import AuthenticatedUser
from control_plane.identity.mfa.verification import InvalidCode
from control_plane.identity.sessions.records import Session
from control_plane.kit import clock, rendering
from control_plane.pages.account.layout import AccountPage, FieldErrors, PageContext, render_page
from control_plane.pages.request import Form, PageRequest

_PATH = "/account/security"
_NAME_MAX = 60
_RECENT = timedelta(seconds=RECENT_AUTHENTICATION_S)


def require_recent_auth(page: AccountPage) -> AccountPage:
    """Redirects to sign-in when the sign-in is too old, or did not use the second factor."""

    async def handle(request: PageRequest, session: Session) -> web.Response:
        weak = "mfa" not in session.methods and await store.has_second_factor(
            request.context.pool, session.user_id
        )
        if weak or session.authenticated_at < clock.now() - _RECENT:
            return request.redirect("/login", next=_PATH)
        return await page(request, session)

    return handle


async def show_security(request: PageRequest, session: Session) -> web.Response:
    return await _page(request, session, {})


async def change_security(request: PageRequest, session: Session) -> web.Response:
    """Run the action that the submitted button names."""
    form = await request.form()
    action = _ACTIONS.get(form["do"])
    return await action(request, session, form) if action else request.redirect(_PATH)


async def _begin_totp(request: PageRequest, session: Session, _: Form) -> web.Response:
    pending = await enrollment.begin_totp(request.context, session.user_id)
    return _totp_page(request, pending, {})


async def _confirm_totp(request: PageRequest, session: Session, form: Form) -> web.Response:
    context, user_id = request.context, session.user_id
    try:
        codes = await enrollment.confirm_totp(context, user_id, form["code"], request.client_info)
    except InvalidCode:
        pending = await enrollment.find_pending_totp(context, user_id)
        if pending is None:
            return request.redirect(_PATH)
        return _totp_page(request, pending, {"code": "is incorrect"})
    return await _upgrade_session(request, session, ("otp", "mfa"), codes)


async def _remove_totp(request: PageRequest, session: Session, _: Form) -> web.Response:
    await enrollment.remove_totp(request.context, session.user_id, request.client_info)
    return request.redirect(_PATH, flash="totp_disabled")


async def _regenerate_codes(request: PageRequest, session: Session, _: Form) -> web.Response:
    codes = await enrollment.regenerate_recovery_codes(
        request.context, session.user_id, request.client_info
    )
    return _codes_page(request, codes)


async def _add_passkey(request: PageRequest, session: Session, form: Form) -> web.Response:
    name = " ".join(form["name"].split())[:_NAME_MAX] or "Passkey"
    new = NewPasskey(request.browser, form["credential"], name)
    try:
        codes = await enrollment.add_passkey(
            request.context, session.user_id, new, request.client_info
        )
    except PasskeyRejected as refusal:
        return await _page(request, session, {"name": refusal.message})
    return await _upgrade_session(request, session, ("hwk", "mfa"), codes)


async def _remove_passkey(request: PageRequest, session: Session, form: Form) -> web.Response:
    credential_id = enrollment.parse_credential_id(form["passkey"])
    await enrollment.remove_passkey(
        request.context, session.user_id, credential_id, request.client_info
    )
    return request.redirect(_PATH, flash="passkey_removed")


_ACTIONS: dict[str, Callable[[PageRequest, Session, Form], Awaitable[web.Response]]] = {
    "begin_totp": _begin_totp,
    "confirm_totp": _confirm_totp,
    "remove_totp": _remove_totp,
    "regenerate_codes": _regenerate_codes,
    "add_passkey": _add_passkey,
    "remove_passkey": _remove_passkey,
}


async def _upgrade_session(
    request: PageRequest, session: Session, methods: tuple[str, ...], codes: list[str]
) -> web.Response:
    """The factor was just verified, so the session counts it from now on."""
    all_methods = tuple(dict.fromkeys((*session.methods, *methods)))
    await request.sign_in(AuthenticatedUser(session.user_id, all_methods))
    if codes:
        return _codes_page(request, codes)
    return request.redirect(_PATH, flash="passkey_added")


def _totp_page(
    request: PageRequest, pending: TotpEnrollment, field_errors: FieldErrors
) -> web.Response:
    values = {"secret": pending.secret, "qr_code": totp.qr_code_svg(pending.uri)}
    return render_page(request, "totp.html", PageContext(values, field_errors))


def _codes_page(request: PageRequest, codes: list[str]) -> web.Response:
    return render_page(request, "recovery_codes.html", PageContext({"codes": codes}))


async def _page(request: PageRequest, session: Session, field_errors: FieldErrors) -> web.Response:
    context, user_id = request.context, session.user_id
    values = {
        "factors": await store.load(context.pool, user_id),
        "options": await enrollment.creation_options(context, user_id, request.browser),
    }
    page = PageContext(values, field_errors)
    return render_page(request, "security.html", page, script_src=rendering.SELF)
