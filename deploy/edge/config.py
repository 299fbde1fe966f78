"""Fills in the edge's configuration. Every error it answers itself has the standard shape."""

import signal
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.embedded.ports import LOOPBACK, has_ipv6_loopback
from deploy.environment import Instance
from deploy.program import Program
from deploy.ray.fence import haproxy_binary
from shared import errors

_REFUSALS: tuple[type[errors.Refusal], ...] = (
    errors.InvalidRequest,
    errors.Forbidden,
    errors.NotFound,
    errors.PayloadTooLarge,
    errors.InternalError,
    errors.ServiceUnavailable,
)
# The plane itself failed, not a model's provider: for the client it is the same as being away.
_AWAY = (502, 504)
_BODY_BYTES_MAX = 20 * 1024 * 1024


def edge(instance: Instance) -> Program:
    """Write the configuration into the state folder and say how to run it."""
    target = instance.state.folder / "edge.cfg"
    target.write_text(render(instance))
    # SIGUSR1 is HAProxy's soft stop: no new connection, streams in flight go on.
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
        errors=_errors(),
        scheme=urlsplit(instance.public_url).scheme,
        body_bytes_max=settings.get("HEADRACE_BODY_BYTES_MAX", _BODY_BYTES_MAX),
        inference=f"{LOOPBACK}:{instance.ports['serve']}",
        control=f"{LOOPBACK}:{instance.ports['control']}",
    )


def addresses(port: int, host: str | None = None) -> list[str]:
    """What the edge binds: both meanings of `localhost`, unless it is told another address."""
    if host:
        return [f"{host}:{port}"]
    return [f"{LOOPBACK}:{port}"] + ([f"[::1]:{port}"] if has_ipv6_loopback() else [])


def _errors() -> list[tuple[int, str, str, str]]:
    rows = [(kind.status, kind) for kind in _REFUSALS]
    rows += [(status, errors.ServiceUnavailable) for status in _AWAY]
    return [(status, kind.code, kind.type, kind().message) for status, kind in rows]
