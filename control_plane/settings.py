"""Environment variables of the control plane; `.env.example` documents each."""

from decimal import Decimal

from pydantic import Field, SecretStr

from shared.settings import SharedSettings


class Settings(SharedSettings):
    """Settings of both processes and of the command line."""

    database_url: SecretStr = Field(alias="DATABASE_URL")
    control_host: str = Field("127.0.0.1", alias="HEADRACE_CONTROL_HOST")
    control_port: int = Field(3001, alias="HEADRACE_CONTROL_PORT", ge=1, le=65535)
    internal_port: int = Field(3003, alias="HEADRACE_CONTROL_INTERNAL_PORT", ge=1, le=65535)
    workers_host: str = Field("127.0.0.1", alias="HEADRACE_WORKERS_HOST")
    workers_port: int = Field(3002, alias="HEADRACE_WORKERS_PORT", ge=1, le=65535)
    workers_url: str = Field("http://127.0.0.1:3002", alias="HEADRACE_WORKERS_URL")
    smtp_url: SecretStr | None = Field(None, alias="SMTP_URL")
    mail_from: str = Field("Headrace <no-reply@localhost>", alias="HEADRACE_MAIL_FROM")
    mailbox: bool = Field(False, alias="HEADRACE_MAILBOX")
    credits_per_usd: int = Field(10_000, alias="HEADRACE_CREDITS_PER_USD", ge=1)
    margin: Decimal = Field(Decimal("1.25"), alias="HEADRACE_MARGIN", gt=0)
    reclaim_idle_ms: int = Field(10_000, alias="HEADRACE_RECLAIM_IDLE_MS", ge=100)
    lot_expiry_every_s: int = Field(60, alias="HEADRACE_LOT_EXPIRY_EVERY_S", ge=0)
    renew_every_s: int = Field(60, alias="HEADRACE_RENEW_EVERY_S", ge=0)
    reconcile_every_s: int = Field(300, alias="HEADRACE_RECONCILE_EVERY_S", ge=0)
