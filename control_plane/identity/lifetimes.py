"""How long codes, tokens, grants and sessions live, in seconds."""

CODE_S = 60
DEVICE_CODE_S = 600
DEVICE_INTERVAL_S = 5
REFRESH_IDLE_S = 30 * 86400
GRANT_S = 365 * 86400
GRACE_S = 10
"""How long a refresh token that was just exchanged still gets the same successor."""
SESSION_IDLE_S = 14 * 86400
SESSION_S = 90 * 86400
INTERACTION_S = 3600
