"""What is remembered is bounded: the oldest goes first; what is kept again is young again."""

from inference_plane.core.bounded_cache import Remembered


def test_the_oldest_makes_room() -> None:
    kept: Remembered[str, int] = Remembered(2)
    kept.keep("a", 1)
    kept.keep("b", 2)
    kept.keep("a", 3)
    kept.keep("c", 4)
    assert (kept.find("a"), kept.find("b"), kept.find("c")) == (3, None, 4)
    kept.forget("a")
    kept.forget("a")
    assert kept.find("a") is None
