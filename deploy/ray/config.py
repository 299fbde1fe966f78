"""Writes `serve.yaml` for this machine: the same applications on a chosen loopback port."""

from pathlib import Path

import yaml

from deploy.embedded.ports import LOOPBACK
from deploy.state import State

SOURCE = Path(__file__).parent / "serve.yaml"


def write_serve_config(state: State, port: int) -> Path:
    """Copies the file into the state folder; only `http_options` differ."""
    config = yaml.safe_load(SOURCE.read_text())
    config["http_options"] = {**config.get("http_options", {}), "host": LOOPBACK, "port": port}
    target = state.folder / "serve.yaml"
    target.write_text(yaml.safe_dump(config, sort_keys=False))
    return target
