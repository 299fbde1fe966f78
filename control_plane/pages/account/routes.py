"""The account pages as a table: method, path, page. To add a page, add its file and its rows."""

from control_plane.pages.account import (
    api_keys,
    deletion,
    devices,
    email,
    overview,
    password,
    preferences,
    profile,
    security,
)
from control_plane.pages.account.layout import AccountPage, require_session
from control_plane.pages.account.security import require_recent_auth
from control_plane.pages.request import Page

_TABLE: tuple[tuple[str, str, AccountPage], ...] = (
    ("GET", "/account", overview.show_overview),
    ("POST", "/account", overview.resend_verification),
    ("GET", "/account/profile", profile.show_profile),
    ("POST", "/account/profile", profile.change_profile),
    ("GET", "/account/email", email.show_email),
    ("POST", "/account/email", email.change_email),
    ("GET", "/account/password", password.show_password),
    ("POST", "/account/password", password.change_password),
    ("GET", "/account/security", require_recent_auth(security.show_security)),
    ("POST", "/account/security", require_recent_auth(security.change_security)),
    ("GET", "/account/devices", devices.show_devices),
    ("POST", "/account/devices", devices.sign_out_device),
    ("GET", "/account/api-keys", api_keys.show_keys),
    ("POST", "/account/api-keys", api_keys.change_keys),
    ("GET", "/account/preferences", preferences.show_preferences),
    ("POST", "/account/preferences", preferences.change_preferences),
    ("GET", "/account/delete", deletion.show_delete),
    ("POST", "/account/delete", deletion.delete),
)

ACCOUNT_ROUTES: tuple[tuple[str, str, Page], ...] = tuple(
    (method, path, require_session(page)) for method, path, page in _TABLE
)
