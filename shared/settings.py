"""Settings that both planes read from the environment; each plane adds its own.

Every variable is documented in `.env.example`. Secrets are `SecretStr`: they do not print.
"""

import base64
import hashlib
import hmac

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.credits import MICRO
from shared.links import Links


class SharedSettings(BaseSettings):
    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    redis_url: SecretStr = Field(alias="REDIS_URL")
    public_url: str = Field("http://localhost:3000", alias="HEADRACE_PUBLIC_URL")
    control_url: str = Field("http://127.0.0.1:3003", alias="HEADRACE_CONTROL_URL")
    secret_key: SecretStr = Field(alias="HEADRACE_SECRET_KEY", min_length=32)
    credit_increment: int = Field(
        MICRO, alias="HEADRACE_CREDIT_INCREMENT_MICRO", ge=10_000, le=MICRO
    )
    log_level: str = Field("INFO", alias="HEADRACE_LOG_LEVEL")
    log_format: str = Field("auto", alias="HEADRACE_LOG_FORMAT", pattern="auto|json|console")
    shutdown_grace_s: float = Field(30, alias="HEADRACE_SHUTDOWN_GRACE_S", ge=0)

    @property
    def links(self) -> Links:
        """The public addresses of this deployment."""
        return Links(self.public_url)

    def derived_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose, so that no two uses of the secret key share a key."""
        secret = self.secret_key.get_secret_value().encode()
        return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()

    def internal_token(self) -> str:
        """What one plane shows the other on `/internal`: never leaves the deployment."""
        return base64.urlsafe_b64encode(self.derived_key("internal api")).decode()
