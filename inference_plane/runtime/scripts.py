"""The inference plane's own Lua scripts; the ledger's are in `shared/scripts.py`."""

from importlib.resources import files

from shared.scripts import load

_FOLDER = files("inference_plane.runtime.lua")

ACCOUNT_RANK = load("account_rank", _FOLDER)
BODY_LIMIT = load("body_limit", _FOLDER)
CIRCUIT = load("circuit", _FOLDER)
CLAIM = load("claim", _FOLDER)
RENEW = load("renew", _FOLDER)
REQUIRED_TIER = load("required_tier", _FOLDER)
THROTTLE = load("throttle", _FOLDER)

ALL = (ACCOUNT_RANK, BODY_LIMIT, CIRCUIT, CLAIM, RENEW, REQUIRED_TIER, THROTTLE)
