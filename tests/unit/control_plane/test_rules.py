"""Rules without servers: epochs, trimming, addresses, queries."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

import control_plane
from control_plane.api.query import Query
from control_plane.db.dbmate import dbmate_url
from control_plane.identity.users.email import normalise
from control_plane.kit import queries
from control_plane.kit.crypto import seal, unseal
from control_plane.ledger.rate_limits import read_window
from control_plane.publishing.shards import RedisShard, next_epoch
from control_plane.publishing.store import Shard
from control_plane.workers.stream_trimmer import GroupPosition, keep_from
from shared.errors import ValidationFailed


@pytest.mark.parametrize(
    ("epoch", "server", "in_redis", "wanted"),
    [
        (1, None, None, 1),
        (1, "here", 1, 1),
        (1, "here", None, 2),
        (3, "here", 2, 3),
        (1, "here", 4, 5),
        (1, None, 1, 2),
        (1, None, 6, 7),
        (3, "elsewhere", 3, 4),
        (3, "elsewhere", 2, 4),
    ],
    ids=[
        "new",
        "open",
        "emptied",
        "half opened",
        "newer",
        "foreign",
        "foreign and newer",
        "restarted",
        "an older copy",
    ],
)
def test_the_epoch_of_a_shard(
    epoch: int, server: str | None, in_redis: int | None, wanted: int
) -> None:
    assert next_epoch(Shard(0, epoch, server), RedisShard("here", in_redis)) == wanted


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        ([], None),
        ([GroupPosition((5, 2), None)], (5, 3)),
        ([GroupPosition((5, 2), (3, 0))], (3, 0)),
        ([GroupPosition((5, 2), None), GroupPosition((4, 0), None)], (4, 1)),
        ([GroupPosition((0, 0), None)], (0, 1)),
    ],
)
def test_only_what_every_group_is_done_with_is_trimmed(
    groups: list[GroupPosition], kept: tuple[int, int] | None
) -> None:
    assert keep_from(groups) == kept


def test_an_address_is_one_however_it_is_written() -> None:
    assert normalise("  Ada.Lovelace@Example.COM ") == "ada.lovelace@example.com"
    for wrong in ("", "ada", "ada@", "@example.com", "a b@example.com", "a@b", "a@b..c"):
        with pytest.raises(ValidationFailed):
            normalise(wrong)


def test_dates_are_whole_days_and_times_are_moments() -> None:
    query = Query({"a": "2026-11-05", "b": "2026-11-05T12:00:00+02:00", "c": "2026-11-05T00:00:00"})
    assert query.moment("a") == datetime(2026, 11, 5, tzinfo=UTC)
    assert query.moment("a", end=True) == datetime(2026, 11, 6, tzinfo=UTC)
    assert query.moment("b") == datetime(2026, 11, 5, 10, tzinfo=UTC)
    assert query.moment("c") == datetime(2026, 11, 5, tzinfo=UTC)
    query.check()


@pytest.mark.parametrize("value", ["-1", "1.5", "٣", "9" * 40, "1_0", " 1"])
def test_a_number_is_plain_digits_within_its_bounds(value: str) -> None:
    query = Query({"limit": value})
    query.number("limit", 20, 1, 100)
    with pytest.raises(ValidationFailed):
        query.check()


def test_a_seal_opens_only_with_its_key_and_its_row() -> None:
    key, other = b"k" * 32, b"o" * 32
    sealed = seal(key, b"private", b"row")
    assert unseal(key, sealed, b"row") == b"private"
    assert b"private" not in sealed
    for wrong_key, wrong_row in ((other, b"row"), (key, b"another row")):
        with pytest.raises(InvalidTag):
            unseal(wrong_key, sealed, wrong_row)


def test_dbmate_reads_a_unix_socket_by_another_name() -> None:
    given = "postgresql://postgres@/headrace?host=/run/pg"
    assert dbmate_url(given) == "postgres://postgres@/headrace?socket=/run/pg"
    given = "postgresql://u:p@db.example:5432/x?sslmode=require"
    assert dbmate_url(given) == "postgres://u:p@db.example:5432/x?sslmode=require"


def test_statements_have_one_name_each() -> None:
    root = Path(control_plane.__file__).parent
    files = sorted(root.rglob("queries.sql"))
    assert len(files) >= 7
    for file in files:
        package = ".".join(file.relative_to(root.parent).parent.parts)
        assert all(queries.load(package).values())


@pytest.mark.parametrize(
    ("minute", "used"),
    [(100, 7 + 5), (99, 4), (98, 0)],
    ids=["this minute and half of the last", "half of what was this minute", "long ago"],
)
def test_the_last_minute_counts_by_what_of_it_is_left(minute: int, used: int) -> None:
    window = {"minute": minute, "r0": 7, "r1": 9, "t0": 0, "t1": 0, "day": 0, "credits": 3}
    now = read_window(window, 100 * 60_000 + 30_000)
    assert (now.requests, now.credits_micro) == (used, 3)
    assert now.minute_ends_ms == 101 * 60_000
