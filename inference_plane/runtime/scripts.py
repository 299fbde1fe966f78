"""The inference plane's own Lua scripts; the ledger's are in `shared/scripts.py`."""

from importlib.resources import files

from shared.scripts import load

_FOLDER = files("inference_plane.runtime.lua")

CIRCUIT = load("circuit", _FOLDER)
CLAIM = load("claim", _FOLDER)
RENEW = load("renew", _FOLDER)
THROTTLE = load("throttle", _FOLDER)

ALL = (CIRCUIT, CLAIM, RENEW, THROTTLE)
