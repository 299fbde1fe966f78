"""Ray's head on this machine: its command line, and the environment of Ray and Serve.

Ray replaces 127.0.0.1 with the machine's address unless multi-node clusters are disabled, so they
are. Serve's HAProxy takes all its paths from environment variables.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.command_lines import script
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.sockets import socket_folder
from deploy.instance import Instance
from deploy.program import Program
from deploy.ray.loopback_patch import write_haproxy_wrapper

_LONGEST_RAY_SOCKET = f"session_{'0' * 38}/sockets/plasma_store"
_LONGEST_HAPROXY_SOCKET = f"{'0' * 56}/admin.sock.1234567.tmp"
_OBJECT_STORE_BYTES = 100_000_000
_LONGEST_STREAM_S = 7200
_LOGICAL_CPUS = 8


class WithoutClientServer:
    """Ray's start hook: disables the server for remote drivers, which is not used."""

    def __init__(self, ray_params: Any, head: bool) -> None:
        if head:
            ray_params.ray_client_server_port = None


def ray_head(instance: Instance) -> Program:
    """`ray start --head` in the foreground, in a shorter folder if sockets would not fit."""
    ports = instance.ports
    folder = socket_folder(instance.state.folder / "ray", _LONGEST_RAY_SOCKET)
    _forget_old_sessions(folder)
    argv = (
        *script("ray"),
        "start",
        "--head",
        "--block",
        f"--port={ports['ray']}",
        f"--node-ip-address={LOOPBACK}",
        "--include-dashboard=false",
        "--include-log-monitor=false",
        "--no-redirect-output",
        "--no-monitor",
        "--disable-usage-stats",
        f"--num-cpus={_LOGICAL_CPUS}",
        f"--object-store-memory={_OBJECT_STORE_BYTES}",
        "--min-worker-port=0",
        "--max-worker-port=0",
        f"--dashboard-agent-listen-port={ports['ray_agent']}",
        f"--temp-dir={folder}",
    )
    return Program(argv, {**_quiet(), **serve_environment(instance)})


def serve_environment(instance: Instance) -> Mapping[str, str]:
    """Serve's environment: HAProxy in front of the replicas, with its files in our folders."""
    folder = socket_folder(instance.state.folder / "serve", _LONGEST_HAPROXY_SOCKET)
    return {
        **_modes(),
        **(_loopback() if "ray" in instance.embedded else {}),
        **_places(folder),
        "RAY_SERVE_HAPROXY_BINARY_PATH": str(write_haproxy_wrapper(folder)),
        "RAY_SERVE_HAPROXY_METRICS_PORT": str(instance.ports["haproxy_metrics"]),
        "RAY_SERVE_HAPROXY_STATS_PORT": str(instance.ports["haproxy_stats"]),
        "RAY_SERVE_FALLBACK_PROXY_HTTP_PORT": str(instance.ports["fallback_proxy"]),
    }


def _forget_old_sessions(folder: Path) -> None:
    """Removes old session logs, which Ray never does; the last one is kept for diagnosis."""
    sessions = sorted(each for each in folder.glob("session_2*") if not each.is_symlink())
    for session in sessions[:-1]:
        shutil.rmtree(session, ignore_errors=True)


def _loopback() -> dict[str, str]:
    return {
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_START_HOOK": "deploy.ray.head.WithoutClientServer",
        "__RAY_WORKER_PROCESS_SETUP_HOOK_ENV_VAR": "deploy.ray.loopback_patch.stay_on_loopback",
    }


def _quiet() -> dict[str, str]:
    """Ray's servers log warnings only."""
    return {"RAY_BACKEND_LOG_LEVEL": "warning", "RAY_event_stats_print_interval_ms": "3600000"}


def _modes() -> dict[str, str]:
    return {
        "RAY_SERVE_ENABLE_HA_PROXY": "1",
        "RAY_SERVE_THROUGHPUT_OPTIMIZED": "1",
        # The metrics reader costs as much CPU as HAProxy itself.
        "RAY_SERVE_HAPROXY_METRICS_ENABLED": "0",
        # After a reload the old HAProxy keeps its streams: longer than the longest stream.
        "RAY_SERVE_HAPROXY_HARD_STOP_AFTER_S": str(_LONGEST_STREAM_S),
        "RAY_SERVE_HAPROXY_TIMEOUT_CLIENT_S": str(_LONGEST_STREAM_S),
        # By default a replica's port is reserved for as long as an old HAProxy may run, which would
        # use up the ports here. An old HAProxy opens no new connections, so a minute is enough.
        "RAY_SERVE_PORT_QUARANTINE_S": "60",
        # How long a draining replica accepts requests from a HAProxy that is not yet reloaded: on
        # one machine that takes less than a second.
        "RAY_SERVE_DIRECT_INGRESS_MIN_DRAINING_PERIOD_S": "3",
        "RAY_USAGE_STATS_ENABLED": "0",
    }


def _places(folder: Path) -> dict[str, str]:
    return {
        "RAY_SERVE_HAPROXY_CONFIG_FILE_LOC": str(folder / "haproxy.cfg"),
        "RAY_SERVE_HAPROXY_SOCKET_PATH": str(folder / "admin.sock"),
        "RAY_SERVE_HAPROXY_SERVER_STATE_BASE": str(folder),
        "RAY_SERVE_HAPROXY_SERVER_STATE_FILE": str(folder / "server-state"),
        "RAY_SERVE_HAPROXY_METRICS_SOCKET_PATH": str(folder / "metrics.sock"),
    }
