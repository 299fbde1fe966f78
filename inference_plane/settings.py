"""What the inference plane reads from the environment, beside what both planes share."""

from pydantic import Field, SecretStr

from shared.settings import SharedSettings


class InferenceSettings(SharedSettings):
    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY")
    openai_base_url: str = Field("https://api.openai.com/v1", alias="OPENAI_BASE_URL")

    replicas_min: int | None = Field(None, alias="HEADRACE_REPLICAS_MIN", ge=1)
    replicas_max: int | None = Field(None, alias="HEADRACE_REPLICAS_MAX", ge=1)

    body_bytes_max: int = Field(20 * 1024 * 1024, alias="HEADRACE_BODY_BYTES_MAX", ge=1024)
    connect_timeout_s: float = Field(10, alias="HEADRACE_UPSTREAM_CONNECT_TIMEOUT_S", gt=0)
    idle_timeout_s: float = Field(120, alias="HEADRACE_UPSTREAM_IDLE_TIMEOUT_S", gt=0)
    top_up_url: str = Field("", alias="HEADRACE_TOP_UP_URL")

    def top_up(self) -> str:
        """Where a user buys credits: the account page unless the deployment has its own."""
        return self.top_up_url or f"{self.public_url}/account/billing"

    def provider_keys(self) -> dict[str, str]:
        """Provider to key, for those that have one."""
        keys = {"openai": self.openai_api_key}
        return {name: key.get_secret_value() for name, key in keys.items() if key}

    def provider_urls(self) -> dict[str, str]:
        return {"openai": self.openai_base_url.rstrip("/")}
