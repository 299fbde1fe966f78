"""Where a rule is left on purpose, each with its reason. The lists may shrink."""

CATCH_ALL: dict[str, str] = {
    "control_plane/http/middleware.py": "an answer must leave the door, and only an answer",
    "inference_plane/deployments/asgi.py": "an answer must leave the door, and only an answer",
    "deploy/supervisor/one_shot.py": "whatever goes wrong ends the start, in its own words",
    "tests/support/databases.py": "hands the failure over to the waiting thread",
}
"""Files with `except Exception`: the edges, where nobody above could answer."""

CLOCKS: dict[str, str] = {
    "control_plane/kit/clock.py": "the control plane's only look at the clock",
}
"""Files of the control plane that ask what time it is."""
