"""`python -m deploy.ray.deployer CONFIG`: deploys the Serve applications of a file and waits.

A faster `serve run CONFIG`: it imports Ray while the head starts, and builds the applications in
this process while Serve starts, instead of in one process per application. It exits with an error
if an application does not start, and drains the replicas on SIGTERM and Ctrl-C.
"""

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, get_type_hints

import ray
import yaml
from pydantic import BaseModel
from ray import serve
from ray.serve.schema import ServeDeploySchema

from deploy.embedded.ports import accepts

_PATIENCE_S = 120


def main(file: str) -> None:
    """Deploy into RAY_ADDRESS and wait for a signal. Raises TimeoutError if Ray does not start."""
    config = ServeDeploySchema.model_validate(yaml.safe_load(Path(file).read_text()))
    address = os.environ["RAY_ADDRESS"]
    _wait_for(address)
    ray.init(address=address, namespace="serve", log_to_driver=False)
    # After ray.init, which installs its own handler.
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _setter(ended))
    _deploy(config)
    while not ended.wait(1):
        pass
    serve.shutdown()
    ray.shutdown()


def _deploy(config: ServeDeploySchema) -> None:
    with ThreadPoolExecutor(max_workers=1) as aside:
        started = aside.submit(
            serve.start,
            proxy_location=config.proxy_location,
            http_options=config.http_options.model_dump(),
            logging_config=config.logging_config,
        )
        targets = [_target(app, config) for app in config.applications]
        started.result()
    serve.run_many(targets)


def _target(app: Any, config: ServeDeploySchema) -> serve.RunTarget:
    if app.deployments or app.runtime_env:
        raise ValueError(f"{app.name}: put deployment options into its `args`, not beside them")
    module, _, name = app.import_path.partition(":")
    logging = app.logging_config or config.logging_config
    return serve.RunTarget(
        target=_build(getattr(import_module(module), name), app.args),
        name=app.name,
        route_prefix=app.route_prefix,
        logging_config=logging,
    )


def _build(application: Any, arguments: dict[str, Any]) -> serve.Application:
    """An application, or the result of its builder with arguments of the type it declares."""
    if isinstance(application, serve.Application):
        return application
    wanted = next(iter(get_type_hints(application).values()))
    is_model = isinstance(wanted, type) and issubclass(wanted, BaseModel)
    return application(wanted.model_validate(arguments) if is_model else arguments)


def _wait_for(address: str) -> None:
    host, _, port = address.rpartition(":")
    if "://" in address or not port.isdigit():
        return
    deadline = time.monotonic() + _PATIENCE_S
    while not accepts(int(port), host):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing answers at RAY_ADDRESS={address}")
        time.sleep(0.1)


def _setter(event: threading.Event) -> Any:
    def handle(_signal: int, _frame: FrameType | None) -> None:
        event.set()

    return handle


if __name__ == "__main__":
    main(sys.argv[1])
