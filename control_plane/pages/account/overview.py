"""/account: e-mail address, password, and recent activity."""

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.identity import signup
from control_plane.identity.sessions.records import Session
from control_plane.identity.throttle import Count
from control_plane.identity.users import service as users
from control_plane.pages.account.layout import PageContext, render_page
from control_plane.pages.request import PageRequest

_EMAILS_MAX = 5
_EVENTS_SHOWN = 12
_DESCRIPTIONS = {
    activity.SIGNED_IN: "Signed in",
    activity.SIGN_IN_FAILED: "Failed sign-in attempt",
    activity.CONSENTED: "Application authorized",
    activity.CODE_REPLAYED: "Sign-in blocked: an authorization code was used twice",
    activity.REFRESH_REPLAYED: "Application signed out: a refresh token was used twice",
    activity.SIGNED_OUT: "Application signed out",
    activity.PASSWORD_CHANGED: "Password changed",
    activity.EMAIL_CHANGED: "E-mail address changed",
    activity.EMAIL_REVERTED: "E-mail address restored",
    activity.FACTOR_ADDED: "Second factor added",
    activity.FACTOR_REMOVED: "Second factor removed",
    activity.RECOVERY_CODE_USED: "Recovery code used",
    activity.RECOVERY_CODES_CREATED: "Recovery codes generated",
    activity.ACCOUNT_DELETED: "Account deleted",
}


async def show_overview(request: PageRequest, session: Session) -> web.Response:
    pool, user_id = request.context.pool, session.user_id
    values = {
        "profile": await users.load_profile(pool, user_id),
        "events": (await activity.list_events(pool, user_id))[:_EVENTS_SHOWN],
        "descriptions": _DESCRIPTIONS,
    }
    return render_page(request, "overview.html", PageContext(values))


async def resend_verification(request: PageRequest, session: Session) -> web.Response:
    """Send another verification e-mail. Raises TooManyAttempts."""
    await request.form()
    await request.context.throttle.begin(Count("verification", session.user_id, _EMAILS_MAX))
    await signup.resend_verification(request.context, session.user_id)
    return request.redirect("/account", flash="verification_sent")
