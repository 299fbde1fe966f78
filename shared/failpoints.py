"""Points at which a test has a process kill itself, as a crash would: at once and without a word.

`HEADRACE_FAILPOINT` names one, and `name:5` dies when it is reached for the fifth time. Without the
variable `reach` is a function that does nothing, chosen once at import.
"""

import os
import signal
from collections.abc import Callable

VARIABLE = "HEADRACE_FAILPOINT"

NAMES = frozenset(
    {
        "worker before commit",
        "worker after commit, before ack",
        "relay before grant",
        "relay after grant, before commit",
        "replica before reserve",
        "replica after reserve, before upstream",
        "replica mid-stream",
        "replica after settle",
    }
)


def armed(setting: str) -> Callable[[str], None]:
    """What `reach` is under that setting. Raises ValueError for a name that is none of these."""
    wanted, _, count = setting.partition(":")
    if wanted and wanted not in NAMES:
        raise ValueError(f"{VARIABLE}: there is no {wanted!r}")
    return _deadly(wanted, int(count or 1)) if wanted else _harmless


def _harmless(_name: str) -> None:
    pass


def _deadly(wanted: str, times_left: int) -> Callable[[str], None]:
    def reach(name: str) -> None:
        nonlocal times_left
        times_left -= name == wanted
        if times_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return reach


reach = armed(os.environ.get(VARIABLE, ""))
"""Call it with one of `NAMES` where a process may die in a test."""
