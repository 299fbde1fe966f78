"""/account: whose it is, and what happened to it lately."""

from aiohttp import web

from control_plane.activity import store as activity
from control_plane.identity import signup
from control_plane.identity.sessions.records import Session
from control_plane.identity.users import service as users
from control_plane.pages.account.layout import Sheet, show
from control_plane.pages.request import PageRequest

_MAILS_MAX = 5
_EVENTS = {
    activity.SIGNED_IN: "Signed in",
    activity.SIGN_IN_FAILED: "Somebody failed to sign in",
    activity.CONSENTED: "An application was allowed in",
    activity.CODE_REPLAYED: "A sign-in was used twice, and ended",
    activity.REFRESH_REPLAYED: "A copied token was used, and everything of it ended",
    activity.REVOKED: "An application was signed out",
    activity.PASSWORD_CHANGED: "The password was changed",
    activity.EMAIL_CHANGED: "The e-mail address was changed",
    activity.EMAIL_RESTORED: "A change of the e-mail address was undone",
    activity.FACTOR_ADDED: "A second factor was added",
    activity.FACTOR_REMOVED: "A second factor was removed",
    activity.RECOVERY_CODE_USED: "A recovery code was used",
    activity.RECOVERY_CODES_MADE: "New recovery codes were made",
    activity.DELETED: "The account was deleted",
}


async def show_overview(request: PageRequest, session: Session) -> web.Response:
    pool, user_id = request.context.pool, session.user_id
    values = {
        "profile": await users.load_profile(pool, user_id),
        "events": (await activity.list_events(pool, user_id))[:12],
        "texts": _EVENTS,
    }
    return show(request, "overview.html", Sheet(values))


async def verify_again(request: PageRequest, session: Session) -> web.Response:
    """Another mail, to an address that is not verified yet."""
    await request.form()
    await request.context.throttle.count("verification", session.user_id, _MAILS_MAX)
    await signup.verify_again(request.context, session.user_id)
    return request.go("/account", said="again")
