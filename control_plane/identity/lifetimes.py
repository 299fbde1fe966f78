"""How long codes, tokens, grants and sessions are valid, in seconds.

Source of the limit for authorization codes: RFC 6749, section 4.1.2.
"""

AUTHORIZATION_CODE_S = 60
DEVICE_CODE_S = 600
DEVICE_INTERVAL_S = 5
"""The least time between two polls of a device (RFC 8628, section 3.2)."""

REFRESH_IDLE_S = 30 * 86400
GRANT_S = 365 * 86400
REFRESH_GRACE_S = 10
"""A refresh token that was just used gets the same successor again for this long."""

SESSION_IDLE_S = 14 * 86400
SESSION_S = 90 * 86400
INTERACTION_S = 3600

RECENT_AUTHENTICATION_S = 15 * 60
"""How old a sign-in may be that confirms a sensitive change without the password."""
