"""How many tokens of an answer may go into thoughts, for vendors that take a number.

Their limit covers thoughts and answer together, so thoughts get at most four fifths of it.
"""


def fitted(wanted: int, limit: int | None) -> int:
    """`wanted` tokens of thought under a limit of an answer's tokens, if there is one."""
    return wanted if limit is None else min(wanted, limit * 4 // 5)
