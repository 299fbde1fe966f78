"""Second factors' pure parts: codes by the clock, codes on paper, challenges."""

import re

import pytest

from control_plane.identity.mfa import challenges, recovery_codes, totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The twenty bytes of RFC 6238, appendix B; its table, in six digits."""

KEY, OTHER = bytes(32), bytes([1]) * 32


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    assert totp.match_step(SECRET, code, at, 0) == at // 30


@pytest.mark.parametrize(
    ("drift", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(drift: int, found: bool) -> None:
    assert (totp.match_step(SECRET, "050471", 1111111111 + drift * 30, 0) is not None) is found


def test_a_step_is_not_accepted_again_nor_one_before_it() -> None:
    step = 1111111111 // 30
    assert totp.match_step(SECRET, "050471", 1111111111, step - 1) == step
    assert totp.match_step(SECRET, "050471", 1111111111, step) is None
    assert totp.match_step(SECRET, "050471", 1111111111, step + 1) is None


@pytest.mark.parametrize("code", ["", "05047", "0504711", "O5O471", "٠٥٠٤٧١", "050471\0"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert totp.match_step(SECRET, code, 1111111111, 0) is None


def test_recovery_codes_are_ten_and_read_however_they_are_typed() -> None:
    codes = recovery_codes.create()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"(?:-?[a-hjkmnp-z2-9]{4}){4}", each) for each in codes)
    kept = recovery_codes.digest(KEY, "ada", codes[0])
    for typed in (codes[0].upper(), codes[0].replace("-", ""), f" {codes[0]} "):
        assert recovery_codes.digest(KEY, "ada", typed) == kept
    for user, key, code in (("bob", KEY, codes[0]), ("ada", OTHER, codes[0]), ("ada", KEY, "")):
        assert recovery_codes.digest(key, user, code) != kept


def test_a_challenge_is_good_for_its_purpose_its_browser_and_its_time() -> None:
    made = challenges.create(KEY, "sign in", "a browser", 1000.0)
    last_s = 1000 + challenges.LIFETIME_S - 1
    assert challenges.is_valid(KEY, made, "sign in", "a browser", last_s)
    assert not challenges.is_valid(KEY, made, "sign in", "a browser", last_s + 1)
    assert not challenges.is_valid(KEY, made, "create for ada", "a browser", last_s)
    assert not challenges.is_valid(KEY, made, "sign in", "another", last_s)
    assert not challenges.is_valid(OTHER, made, "sign in", "a browser", last_s)
    assert challenges.create(KEY, "sign in", "a browser", 1000.0) != made


@pytest.mark.parametrize("at", [0, 15, 16, 23, 24, 55])
def test_a_challenge_that_was_touched_is_not_ours(at: int) -> None:
    made = bytearray(challenges.create(KEY, "sign in", "a browser", 1000.0))
    made[at] ^= 1
    assert not challenges.is_valid(KEY, bytes(made), "sign in", "a browser", 1000.0)
    assert not challenges.is_valid(KEY, bytes(made[:at]), "sign in", "a browser", 1000.0)
