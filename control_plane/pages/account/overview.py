"""/account: whose it is, and what happened to it lately."""

from aiohttp import web

from control_plane.accounts import registration
from control_plane.oidc.grants import events
from control_plane.oidc.records import Session
from control_plane.pages.account.frame import Sheet, show
from control_plane.pages.visit import Visit
from control_plane.users import service as users

_MAILS_MAX = 5
_EVENTS = {
    events.SIGNED_IN: "Signed in",
    events.SIGN_IN_FAILED: "Somebody failed to sign in",
    events.CONSENTED: "An application was allowed in",
    events.CODE_REPLAYED: "A sign-in was used twice, and ended",
    events.REFRESH_REPLAYED: "A copied token was used, and everything of it ended",
    events.REVOKED: "An application was signed out",
    events.PASSWORD_CHANGED: "The password was changed",
    events.EMAIL_CHANGED: "The e-mail address was changed",
    events.EMAIL_RESTORED: "A change of the e-mail address was undone",
    events.FACTOR_ADDED: "A second factor was added",
    events.FACTOR_REMOVED: "A second factor was removed",
    events.RECOVERY_CODE_USED: "A recovery code was used",
    events.RECOVERY_CODES_MADE: "New recovery codes were made",
    events.DELETED: "The account was deleted",
}


async def show_overview(visit: Visit, session: Session) -> web.Response:
    pool, user_id = visit.provider.pool, session.user_id
    values = {
        "profile": await users.load_profile(pool, user_id),
        "events": (await events.list_events(pool, user_id))[:12],
        "texts": _EVENTS,
    }
    return show(visit, "overview.html", Sheet(values))


async def verify_again(visit: Visit, session: Session) -> web.Response:
    """Another mail, to an address that is not verified yet."""
    await visit.form()
    await visit.provider.throttle.count("verification", session.user_id, _MAILS_MAX)
    await registration.verify_again(visit.provider, session.user_id)
    return visit.go("/account", said="again")
