"""A program to run as a child process, and how to spawn it.

Each gets its own session, so that Ctrl-C reaches the supervisor only, and a parent-death signal, so
that it ends with a killed supervisor. A mark in its environment identifies its descendants; they
are never identified by name.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MARK = "HEADRACE_INSTANCE"
SERVICE = "HEADRACE_SERVICE"

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Program:
    """`env` is added to our environment. As root it runs as `user`."""

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM

    def spawn_options(self, marks: Mapping[str, str]) -> dict[str, Any]:
        """Keyword arguments for `subprocess.Popen` and asyncio's equivalent."""
        options: dict[str, Any] = {
            "env": {**os.environ, **self.env, **marks},
            "start_new_session": True,
            "preexec_fn": _die_with_parent(self.stop_signal),
        }
        if self.user is not None:
            account = pwd.getpwnam(self.user)
            options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        return options


def _die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def arm() -> None:
        if sys.platform == "linux":
            _libc.prctl(_PR_SET_PDEATHSIG, int(with_signal), 0, 0, 0)
            # The parent may have died before the signal was armed.
            if os.getppid() != parent:
                os._exit(1)

    return arm
