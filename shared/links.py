"""Every address of the public origin that is handed out: in refusals, mails, metadata and on pages.

A test opens each of them: none may lead nowhere.
"""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below `public_url`, which is also the issuer and has no slash at its end."""

    public_url: str

    def pricing(self) -> str:
        """The plans and what they include: where a refused caller can get a higher tier."""
        return f"{self.public_url}/pricing"

    def login(self) -> str:
        return f"{self.public_url}/login"

    def forgot_password(self) -> str:
        return f"{self.public_url}/forgot-password"

    def reset_password(self, secret: str) -> str:
        return self._with_token("/reset-password", secret)

    def verify_email(self, secret: str) -> str:
        """Verifies the address that an account was registered with."""
        return self._with_token("/verify-email", secret)

    def confirm_email_change(self, secret: str) -> str:
        """Verifies the address that an account changes to."""
        return f"{self._with_token('/verify-email', secret)}&new=1"

    def revert_email(self, secret: str) -> str:
        return self._with_token("/undo-email", secret)

    def oauth(self, endpoint: str) -> str:
        """An endpoint of the OpenID provider, such as `token`."""
        return f"{self.public_url}/oauth/{endpoint}"

    def device(self, user_code: str | None = None) -> str:
        """Where a device's code is entered (RFC 8628, 3.2), with the code filled in if given."""
        query = f"?{urlencode({'user_code': user_code})}" if user_code else ""
        return f"{self.public_url}/device{query}"

    def _with_token(self, path: str, secret: str) -> str:
        return f"{self.public_url}{path}?{urlencode({'token': secret})}"
