"""`headrace down`: stops a running instance, and processes that a killed one left behind."""

import signal
import time

from deploy.commands.failure import Failure
from deploy.instance import read_variables, state_of
from deploy.state import State
from deploy.supervisor.processes import end_leftovers, find

_PATIENCE_S = 120


def down() -> None:
    """Stop the instance that runs here. Streams in flight may finish first."""
    state = state_of(read_variables())
    supervisor = find(state.read("supervisor.json"))
    if supervisor is not None:
        print(f"stopping process {supervisor.pid}")
        supervisor.send_signal(signal.SIGTERM)
        _wait_for_end(state, supervisor.pid)
    left = end_leftovers(state)
    print("stopped" if supervisor is not None or left else "nothing is running")


def _wait_for_end(state: State, pid: int) -> None:
    # Looked up instead of waited for: a zombie whose parent does not reap it would never go away.
    deadline = time.monotonic() + _PATIENCE_S
    while find(state.read("supervisor.json")) is not None:
        if time.monotonic() > deadline:
            raise Failure(f"process {pid} did not stop")
        time.sleep(0.1)
