"""Credits: exact integers, one rounding, up."""

from hypothesis import given
from hypothesis import strategies as st

from shared.credits import MICRO, Price, Tokens, cost, in_words, public, round_up

amounts = st.integers(0, 10**12)


def test_a_model_with_only_a_price_per_thousand_charges_every_kind_the_same() -> None:
    price = Price.flat(2 * MICRO)
    assert cost(Tokens(input=500, cache_read=250, output=250), price, MICRO) == 2 * MICRO


def test_the_smallest_use_costs_one_increment_and_none_costs_nothing() -> None:
    price = Price.flat(2 * MICRO)
    assert cost(Tokens(output=1), price, MICRO) == MICRO
    assert cost(Tokens(output=1), price, MICRO // 100) == MICRO // 100
    assert cost(Tokens(), price, MICRO) == 0


def test_each_kind_has_its_own_price() -> None:
    price = Price(input=10, cache_read=1, cache_write=20, output=40)
    used = Tokens(input=1_000_000, cache_read=2_000_000, cache_write=1_000_000, output=3_000_000)
    assert cost(used, price, 1) == 10 + 2 + 20 + 120


@given(amounts, st.sampled_from([MICRO, MICRO // 10, MICRO // 100]))
def test_rounding_goes_up_by_less_than_one_increment(amount: int, increment: int) -> None:
    rounded = round_up(amount, increment)
    assert rounded % increment == 0
    assert 0 <= rounded - amount < increment


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**12))
def test_a_cost_is_never_below_the_exact_one(prompt: int, output: int, price: int) -> None:
    charged = cost(Tokens(input=prompt, output=output), Price(price, price, price, price), 1)
    exact = (prompt + output) * price
    assert exact <= charged * 1_000_000 < exact + 1_000_000


def test_users_read_whole_numbers_while_credits_are_whole() -> None:
    assert repr(public(7 * MICRO)) == "7"
    assert public(7 * MICRO + 100_000, MICRO // 10) == 7.1


def test_an_amount_in_words_is_exact() -> None:
    assert in_words(2_000 * MICRO) == "2,000"
    assert in_words(MICRO // 2) == "0.5"
    assert in_words(1_234_567_000_001) == "1,234,567.000001"
