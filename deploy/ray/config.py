"""`serve.yaml` as this machine runs it: the same applications, on the port we chose on loopback."""

from pathlib import Path

import yaml

from deploy.embedded.ports import LOOPBACK
from deploy.state import State

SOURCE = Path(__file__).parent / "serve.yaml"


def write_serve_config(state: State, port: int) -> Path:
    """Copy the file into the state folder with other `http_options`; nothing else differs."""
    config = yaml.safe_load(SOURCE.read_text())
    config["http_options"] = {**config.get("http_options", {}), "host": LOOPBACK, "port": port}
    target = state.folder / "serve.yaml"
    target.write_text(yaml.safe_dump(config, sort_keys=False))
    return target
