"""`headrace down`: stops an instance left running, and what a killed one left behind."""

import signal

import psutil

from deploy.commands.failure import Failure
from deploy.environment import given, state_of
from deploy.processes import end_leftovers, find

_PATIENCE_S = 120


def down() -> None:
    """Stop what `headrace up` left running here; streams in flight may end first."""
    state = state_of(given())
    supervisor = find(state.read("supervisor.json"))
    if supervisor is not None:
        print(f"stopping process {supervisor.pid}")
        supervisor.send_signal(signal.SIGTERM)
        try:
            supervisor.wait(_PATIENCE_S)
        except psutil.TimeoutExpired:
            raise Failure(f"process {supervisor.pid} does not stop") from None
    left = end_leftovers(state)
    print("stopped" if supervisor is not None or left else "nothing runs here")
