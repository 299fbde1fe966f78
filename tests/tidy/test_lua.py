"""A script's header is its contract: what it lists is what the body reads."""

import re
from pathlib import Path

import pytest

from tests.tidy.sources import files, name

SCRIPTS = [each for each in files() if each.suffix == ".lua" and each.parent.name == "lua"]


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_the_header_lists_what_the_body_reads(script: Path) -> None:
    header, body = _split(script.read_text())
    for kind in ("KEYS", "ARGV"):
        listed = set(re.findall(rf"^  {kind}\[(\d+)\]", header, re.MULTILINE))
        read = set(re.findall(rf"{kind}\[(\d+)\]", body))
        if re.search(rf"#{kind}|unpack\({kind}|{kind}\[\w*[a-z]", body):
            # The rest is read in a loop; what is read by number must still be listed.
            assert read <= listed, kind
        else:
            assert read == listed, kind


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_the_header_says_what_comes_back(script: Path) -> None:
    header, _ = _split(script.read_text())
    assert "Returns" in header


def _split(text: str) -> tuple[str, str]:
    assert "--[[" in text, "no header"
    header, body = text.split("--[[", 1)[1].split("]]", 1)
    return header, body
