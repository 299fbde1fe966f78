"""What this instance consists of: the caller's environment, and an embedded service for each gap.

DATABASE_URL, REDIS_URL, RAY_ADDRESS and OPENAI_API_KEY each replace an embedded service, from the
environment or from a `.env` file in the current folder; the environment wins.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from deploy.embedded.ports import LOOPBACK, free_ports
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
from deploy.state import State

_PORTS = (
    "valkey",
    "control",
    "control_internal",
    "workers",
    "simulated",
    "ray",
    "serve",
    "ray_agent",
    "haproxy_metrics",
    "haproxy_stats",
    "fallback_proxy",
)
_REPLACED_BY = {
    "postgres": "DATABASE_URL",
    "valkey": "REDIS_URL",
    "ray": "RAY_ADDRESS",
}
PROVIDER_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY")
"""With any real key, no provider is simulated."""


def read_variables() -> dict[str, str]:
    """The environment's variables, and those of `.env` in the current folder below them."""
    from_file = {name: value for name, value in dotenv_values(".env").items() if value}
    return {**from_file, **{name: value for name, value in os.environ.items() if value}}


def state_of(variables: Mapping[str, str]) -> State:
    return State(Path(variables.get("HEADRACE_STATE", ".headrace")))


def http_port(variables: Mapping[str, str]) -> int:
    """The edge's port. Raises ValueError if it is not a port."""
    text = variables.get("HEADRACE_HTTP_PORT", "3000")
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError(f"HEADRACE_HTTP_PORT is {text!r}, which is not a port from 1 to 65535")
    return int(text)


@dataclass(frozen=True)
class Instance:
    """One run of the product. `environment` is added to the environment of every process."""

    id: str
    state: State
    http_port: int
    ports: Mapping[str, int]
    environment: Mapping[str, str]
    embedded: frozenset[str]
    postgres: Postgres
    valkey: Valkey

    @property
    def simulated(self) -> bool:
        return "simulated" in self.embedded

    @property
    def public_url(self) -> str:
        return self.environment["HEADRACE_PUBLIC_URL"]

    def record(self) -> dict[str, Any]:
        """What other commands need to find this instance. Contains secrets."""
        return {
            "id": self.id,
            "http_port": self.http_port,
            "ports": dict(self.ports),
            "embedded": sorted(self.embedded),
            "environment": dict(self.environment),
        }


def create_instance(variables: Mapping[str, str], state: State) -> Instance:
    """Decides which services are embedded, on which ports, and with which environment."""
    kept = state.load_secrets()
    ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
    postgres = Postgres(state.folder / "postgres")
    valkey = Valkey(state.folder / "valkey", ports["valkey"], kept["valkey_password"])
    port = http_port(variables)
    environment = {
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": valkey.url,
        "RAY_ADDRESS": f"{LOOPBACK}:{ports['ray']}",
        "HEADRACE_SECRET_KEY": kept["secret_key"],
        "HEADRACE_PUBLIC_URL": f"http://localhost:{port}",
        **{name: value for name, value in variables.items() if _is_setting(name)},
        **_addresses(ports),
        "HEADRACE_STATE": str(state.folder),
    }
    embedded = frozenset(service for service, name in _REPLACED_BY.items() if name not in variables)
    if "postgres" in embedded and "SMTP_URL" not in variables:
        environment = {"HEADRACE_MAILBOX": "true", **environment}
    if not any(variables.get(name) for name in PROVIDER_KEYS):
        embedded |= {"simulated"}
        environment |= _simulated_provider(ports["simulated"])
    return Instance(
        secrets.token_hex(8), state, port, ports, environment, embedded, postgres, valkey
    )


def _addresses(ports: Mapping[str, int]) -> dict[str, str]:
    """Where the control plane's two processes listen: on loopback, only the edge is public."""
    return {
        "HEADRACE_CONTROL_HOST": LOOPBACK,
        "HEADRACE_CONTROL_PORT": str(ports["control"]),
        "HEADRACE_CONTROL_INTERNAL_PORT": str(ports["control_internal"]),
        "HEADRACE_CONTROL_URL": f"http://{LOOPBACK}:{ports['control_internal']}",
        "HEADRACE_WORKERS_HOST": LOOPBACK,
        "HEADRACE_WORKERS_PORT": str(ports["workers"]),
        "HEADRACE_WORKERS_URL": f"http://{LOOPBACK}:{ports['workers']}",
    }


def _simulated_provider(port: int) -> dict[str, str]:
    root = f"http://{LOOPBACK}:{port}"
    return {
        "OPENAI_API_KEY": "simulated",
        "OPENAI_BASE_URL": f"{root}/v1",
        "ANTHROPIC_API_KEY": "simulated",
        "ANTHROPIC_BASE_URL": root,
        "GOOGLE_API_KEY": "simulated",
        "GOOGLE_BASE_URL": root,
    }


def _is_setting(name: str) -> bool:
    ours = ("HEADRACE_", "OPENAI_", "ANTHROPIC_", "GOOGLE_")
    return name.startswith(ours) or name in {*_REPLACED_BY.values(), "SMTP_URL"}
