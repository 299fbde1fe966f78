"""Renders the edge's configuration from the instance and the surfaces' paths."""

import re
import signal
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.edge import error_bodies
from deploy.embedded.ports import LOOPBACK, has_ipv6_loopback
from deploy.instance import Instance
from deploy.program import Program
from deploy.ray.loopback_patch import haproxy_binary
from inference_plane.surfaces.table import EXACT_PATHS, PATH_PATTERNS

_BODY_BYTES_MAX = 20 * 1024 * 1024

_ORIGINS = "http://localhost:8080,textassistant://*"
_CORS_HEADERS = (
    "Authorization",
    "Content-Type",
    "Accept",
    "Idempotency-Key",
    "Last-Event-ID",
    "X-Request-Id",
    "X-Headrace-Strict",
    "X-Api-Key",
    "Anthropic-Version",
    "Anthropic-Beta",
    "Anthropic-Dangerous-Direct-Browser-Access",
    "OpenAI-Beta",
    "OpenAI-Organization",
    "OpenAI-Project",
    "X-Goog-Api-Key",
    "X-Goog-Api-Client",
    "User-Agent",
    "X-Stainless-Arch",
    "X-Stainless-Lang",
    "X-Stainless-Os",
    "X-Stainless-Runtime",
    "X-Stainless-Runtime-Version",
    "X-Stainless-Package-Version",
    "X-Stainless-Timeout",
    "X-Stainless-Retry-Count",
    "X-Stainless-Helper-Method",
    "X-Stainless-Custom-Poll-Interval",
)
"""Our own headers, and those that the vendors' SDKs always send."""

_CORS_EXPOSED = (
    "X-Request-Id",
    "X-Credits-Charged",
    "X-Credits-Remaining",
    "X-Headrace-Ignored",
    "Retry-After",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "Deprecation",
    "Sunset",
)


def edge(instance: Instance) -> Program:
    """Writes the configuration into the state folder. Returns how to run it."""
    target = instance.state.folder / "edge.cfg"
    target.write_text(render(instance))
    # SIGUSR1 is HAProxy's soft stop: no new connections, streams in flight continue.
    return Program((str(haproxy_binary()), "-db", "-f", str(target)), stop_signal=signal.SIGUSR1)


def render(instance: Instance) -> str:
    """The configuration's text."""
    settings = instance.environment
    folder = FileSystemLoader(Path(__file__).parent)
    templates = Environment(  # noqa: S701 - what it fills in is not HTML
        loader=folder, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return templates.get_template("haproxy.cfg.j2").render(
        addresses=addresses(instance.http_port, settings.get("HEADRACE_HTTP_HOST")),
        errors=error_bodies.by_format(),
        format_rules=error_bodies.rules(),
        inference_paths=list(EXACT_PATHS),
        inference_patterns=list(PATH_PATTERNS),
        scheme=urlsplit(instance.public_url).scheme,
        origins=origins(settings.get("HEADRACE_CORS_ORIGINS", _ORIGINS)),
        cors_headers=", ".join(_CORS_HEADERS),
        cors_exposed=", ".join(_CORS_EXPOSED),
        body_bytes_max=settings.get("HEADRACE_BODY_BYTES_MAX", _BODY_BYTES_MAX),
        inference=f"{LOOPBACK}:{instance.ports['serve']}",
        control=f"{LOOPBACK}:{instance.ports['control']}",
    )


def origins(listed: str) -> str:
    """A pattern of the allowed origins; `*` stands for any characters."""
    each = (re.escape(origin.strip()).replace("\\*", ".*") for origin in listed.split(","))
    return f"^({'|'.join(each)})$"


def addresses(port: int, host: str | None = None) -> list[str]:
    """The addresses that the edge binds: IPv4 and IPv6 loopback, unless `host` is given."""
    if host:
        return [f"{host}:{port}"]
    return [f"{LOOPBACK}:{port}"] + ([f"[::1]:{port}"] if has_ipv6_loopback() else [])
