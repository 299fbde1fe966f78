"""The edge sends the paths of the inference plane's surfaces there, and no others."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.edge.config import render
from deploy.instance import create_instance
from deploy.state import State
from inference_plane.surfaces.table import SURFACES, find

SERVED = sorted(
    path.replace("{model}", model).replace("{id}", "resp_1")
    for surface in SURFACES
    for path in surface.paths
    for model in ("gemini-2.5-flash", "google/gemini-2.5-flash")
)
NOT_SERVED = (
    "/",
    "/v1/models",
    "/v1/models/gemini-2.5-flash",
    "/v1beta/models",
    "/v1beta/models/gemini-2.5-flash:predict",
    "/v1beta/models/gemini-2.5-flash:generateContent/more",
    "/v1beta/models/:generateContent",
    "/v2/models/gemini-2.5-flash:generateContent",
    "/x/v1/chat/completions",
    "/v1/chat/completions/",
    "/v1/chat/completions/chatcmpl-1/more",
    "/v1/responses/resp_1/output_items",
    "/v1/responses/resp_1/cancel/",
    "/v1/chat",
    "/v1/messages/batches",
    "/v1/usage",
    "/oauth/token",
)


@pytest.fixture(scope="module")
def routed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bool]:
    """Whether the rendered configuration sends a path to the inference plane."""
    folder: Path = tmp_path_factory.mktemp("state")
    config = render(create_instance({}, State(folder)))
    acls = re.findall(r"^ +acl inference path,url_dec -m (str|reg) (.+)$", config, re.MULTILINE)
    exact = {path for kind, paths in acls if kind == "str" for path in paths.split()}
    patterns = [pattern for kind, pattern in acls if kind == "reg"]
    return lambda path: path in exact or any(re.search(each, path) for each in patterns)


@pytest.mark.parametrize("path", SERVED)
def test_a_path_that_a_surface_serves_goes_to_the_inference_plane(
    routed: Callable[[str], bool], path: str
) -> None:
    assert find(path) is not None
    assert routed(path)


@pytest.mark.parametrize("path", NOT_SERVED)
def test_no_other_path_goes_there(routed: Callable[[str], bool], path: str) -> None:
    assert find(path) is None
    assert not routed(path)
