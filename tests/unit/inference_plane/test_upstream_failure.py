"""Whose fault a provider's error is: no mistake of the caller's becomes a 5xx."""

import pytest

from inference_plane.core import upstream_failure

OURS = {401, 402, 403}
BUSY = {408, 409, 425, 429}


@pytest.mark.parametrize("status", sorted(set(range(400, 452)) - OURS - BUSY - {404}))
def test_the_callers_mistake_reaches_the_caller(status: int) -> None:
    failure = upstream_failure.of_status("openai", status, "`x` is wrong", "x", 0)
    assert (failure.fault, failure.refusal.status) == ("caller", 400)
    assert (failure.refusal.message, failure.refusal.param) == ("`x` is wrong", "x")


@pytest.mark.parametrize("status", sorted(OURS))
def test_our_key_and_our_quota_are_not_the_callers(status: int) -> None:
    failure = upstream_failure.of_status("openai", status, "Incorrect API key sk-secret", None, 0)
    assert (failure.fault, failure.refusal.status) == ("key", 502)
    assert "sk-secret" not in failure.refusal.message


@pytest.mark.parametrize("status", [*sorted(BUSY), 503, 529])
def test_a_busy_provider_may_be_tried_again(status: int) -> None:
    assert upstream_failure.of_status("openai", status, "", None, 9).refusal.status == 503


def test_a_model_that_the_provider_does_not_have_is_not_found() -> None:
    """SDKs repeat a 5xx, and no repetition finds it."""
    failure = upstream_failure.of_status("openai", 404, "no such model gpt-9 of org-1", None, 0)
    assert (failure.fault, failure.refusal.code) == ("route", "model_not_found")
    assert "org-1" not in failure.refusal.message
