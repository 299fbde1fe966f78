"""The shipped catalogue: what the generator makes of its sources, and complete."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from control_plane.catalogue.pricing import Pricing
from deploy.vendors import catalogue
from inference_plane.core.hosted_tools import USES
from shared.credits import BASE_KINDS, MICRO, PARTS

LISTED: dict[str, Any] = json.loads(catalogue.FILE.read_text())
MODELS: list[dict[str, Any]] = LISTED["models"]
NAMES = {name: each for each in MODELS for name in (each["id"], *each["aliases"])}

DEFAULTS = (
    "claude-opus-5-5",
    "claude-sonnet-5-5[1m]",
    "claude-haiku-4-5-20251001",
    "claude-sonnet-4-5-20250929",
    "gpt-5.5",
    "gpt-5.3-codex",
    "gpt-5.2-codex",
    "gpt-5.1-codex-max",
    "gpt-6.1-sol",
    "gemini-3.1-pro-preview",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
    "gemini-2.5-flash-lite",
    "gemini-flash-latest",
)
"""What Claude Code, Codex, Gemini CLI, opencode and qwen-code call without being told to."""


def test_the_file_is_what_the_generator_makes_for_its_day() -> None:
    made = catalogue.build(date.fromisoformat(LISTED["as_of"]))
    assert catalogue.FILE.read_text() == catalogue.write(made)


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_defaults_of_command_lines_are_listed(name: str) -> None:
    assert name in NAMES


def test_a_name_belongs_to_one_model() -> None:
    names = [name for each in MODELS for name in (each["id"], *each["aliases"])]
    assert len(names) == len(set(names))
    seeds = {"gpt-5", "gemini-2.0-pro", "claude-3.5-sonnet", "text-embedding-3-small"}
    assert not seeds & set(names)


@pytest.mark.parametrize("entry", MODELS, ids=lambda each: each["id"])
def test_every_price_is_above_zero_and_has_a_name_that_is_charged(entry: dict[str, Any]) -> None:
    assert entry["context_length"] > 0
    assert entry["replacement_id"] is None or entry["replacement_id"] in NAMES
    for price in entry["prices"]:
        standard = price["rates"][0]
        assert (standard["tier"], standard["from_tokens"]) == ("standard", 0)
        assert set(BASE_KINDS) <= standard["usd"].keys()
        for rates in price["rates"]:
            assert rates["usd"].keys() <= {*BASE_KINDS, *PARTS}
            unused = {"output"} if entry["max_output_tokens"] == 0 else set()
            assert all(Decimal(usd) > 0 for k, usd in rates["usd"].items() if k not in unused)
        assert price["fees"].keys() <= set(USES)


def test_a_dearer_tier_is_never_cheaper_than_the_standard_one() -> None:
    for entry in MODELS:
        for price in entry["prices"]:
            usual = price["rates"][0]["usd"]
            for rates in price["rates"]:
                if rates["tier"] in ("priority", "fast") and not rates["from_tokens"]:
                    dear = {kind: Decimal(usd) for kind, usd in rates["usd"].items()}
                    assert all(dear[kind] >= Decimal(usual[kind]) for kind in ("input", "output"))


def test_a_dollar_is_so_many_credits_and_is_never_rounded_down() -> None:
    pricing = Pricing(10_000, Decimal("1.25"))
    assert pricing.micro(Decimal(2)) == 25_000 * MICRO
    assert pricing.micro(Decimal(2), margin_percent=300) == 60_000 * MICRO
    assert Pricing(1, Decimal(1)).micro(Decimal("0.0000001")) == 1
