"""Second factors: TOTP codes, passkeys and recovery codes."""
