"""`python -m deploy.ray.application CONFIG`: deploys the Serve applications of a file, and stays.

It does what `serve run` does, and runs it, with two differences: it loads Ray while the head is
still starting, which saves seconds, and SIGTERM ends it as Ctrl-C would, so that replicas are
drained. HTTP options of an application that runs elsewhere are that cluster's own affair.
"""

import os
import signal
import sys
import time
from types import FrameType

import ray
from ray.serve.scripts import cli

from deploy.embedded.ports import accepts

_PATIENCE_S = 120


def main(config: str) -> None:
    """Deploy into RAY_ADDRESS and wait for a signal. Raises TimeoutError when Ray stays away."""
    address = os.environ["RAY_ADDRESS"]
    _wait_for(address)
    ray.init(address=address, namespace="serve", log_to_driver=False)
    # After ray.init, which installs a handler of its own.
    signal.signal(signal.SIGTERM, _interrupt)
    cli.main(["run", "--address", address, config], standalone_mode=False)


def _wait_for(address: str) -> None:
    host, _, port = address.rpartition(":")
    if "://" in address or not port.isdigit():
        return
    deadline = time.monotonic() + _PATIENCE_S
    while not accepts(int(port), host):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing answers at RAY_ADDRESS={address}")
        time.sleep(0.1)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    # A second signal must not interrupt the shutdown that the first one began.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(sys.argv[1])
