"""The inference plane's own settings, read from the environment."""

from dataclasses import dataclass, field

from pydantic import Field, SecretStr

from shared.settings import SharedSettings


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """`secrets` are keys by group; `dialects` are those that the service at `url` supports."""

    name: str
    url: str
    secrets: dict[str, list[str]] = field(repr=False)
    dialects: frozenset[str]


class InferenceSettings(SharedSettings):
    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY")
    openai_base_url: str = Field("https://api.openai.com/v1", alias="OPENAI_BASE_URL")
    openai_dialects: str = Field("chat,responses,embeddings,moderations", alias="OPENAI_DIALECTS")
    anthropic_api_key: SecretStr | None = Field(None, alias="ANTHROPIC_API_KEY")
    anthropic_base_url: str = Field("https://api.anthropic.com", alias="ANTHROPIC_BASE_URL")
    google_api_key: SecretStr | None = Field(None, alias="GOOGLE_API_KEY")
    google_base_url: str = Field(
        "https://generativelanguage.googleapis.com", alias="GOOGLE_BASE_URL"
    )

    replicas_min: int | None = Field(None, alias="HEADRACE_REPLICAS_MIN", ge=1)
    replicas_max: int | None = Field(None, alias="HEADRACE_REPLICAS_MAX", ge=1)

    body_bytes_max: int = Field(20 * 1024 * 1024, alias="HEADRACE_BODY_BYTES_MAX", ge=1024)
    connect_timeout_s: float = Field(10, alias="HEADRACE_UPSTREAM_CONNECT_TIMEOUT_S", gt=0)
    idle_timeout_s: float = Field(120, alias="HEADRACE_UPSTREAM_IDLE_TIMEOUT_S", gt=0)
    first_token_timeout_s: float = Field(120, alias="HEADRACE_UPSTREAM_FIRST_TOKEN_TIMEOUT_S", gt=0)
    total_timeout_s: float = Field(3600, alias="HEADRACE_UPSTREAM_TOTAL_TIMEOUT_S", gt=0)
    keep_alive_s: float = Field(10, alias="HEADRACE_KEEP_ALIVE_S", gt=0)
    drain_s: float = Field(60, alias="HEADRACE_UPSTREAM_DRAIN_S", ge=0)
    replay_s: float = Field(600, alias="HEADRACE_REPLAY_S", gt=0)
    provider_streams_max: int = Field(5_000, alias="HEADRACE_PROVIDER_STREAMS_MAX", ge=1)
    counts_per_minute: int = Field(300, alias="HEADRACE_COUNTS_PER_MINUTE", ge=1)
    top_up_url: str = Field("", alias="HEADRACE_TOP_UP_URL")

    def top_up(self) -> str:
        """Where a user buys credits: the pricing page unless the deployment has its own."""
        return self.top_up_url or self.links.pricing()

    def providers(self) -> list[ProviderSettings]:
        """Those that have a key."""
        spoken = frozenset(self.openai_dialects.replace(" ", "").split(","))
        every = (
            ("openai", self.openai_base_url, self.openai_api_key, spoken),
            ("anthropic", self.anthropic_base_url, self.anthropic_api_key, frozenset({"messages"})),
            ("google", self.google_base_url, self.google_api_key, frozenset({"generate", "embed"})),
        )
        return [
            ProviderSettings(name, url, keys_of(secret.get_secret_value()), dialects)
            for name, url, secret, dialects in every
            if secret is not None and secret.get_secret_value().strip()
        ]


def keys_of(text: str) -> dict[str, list[str]]:
    """`key,key,group:key`: keys by group; the default group has no name."""
    groups: dict[str, list[str]] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        group, colon, secret = each.partition(":")
        groups.setdefault(group if colon else "", []).append(secret if colon else each)
    return groups
