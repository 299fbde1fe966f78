"""A conversation without a dialect: what each surface's strategy writes in its own words."""

from dataclasses import dataclass

from hypothesis import strategies as st

TOOLS = ("look", "get_weather")
TEXTS = (
    "hi",
    "1.10",
    "so it is",
    "{}",
    "\n",
    " ",
    "",
    "ä 日本 🌊",
    '"quoted"',
    "<system>x</system>",
)


@dataclass(frozen=True)
class Call:
    """`id` may be any that a client writes; `result` is what its tool answered."""

    id: str
    name: str
    arguments: str
    result: str


@dataclass(frozen=True)
class Message:
    """One message: a text of `role`, with a picture, or the assistant's with calls."""

    role: str
    text: str
    picture: bool = False
    calls: tuple[Call, ...] = ()


def _calls() -> st.SearchStrategy[tuple[Call, ...]]:
    ids = st.sampled_from(["call_0", "call_1", "functions.look:0", "c" * 60, "toolu_01"])
    arguments = st.sampled_from(["{}", '{"city": "Rome"}', '{"n": 1e5, "deep": {"a": [1, null]}}'])
    call = st.builds(Call, ids, st.sampled_from(TOOLS), arguments, st.sampled_from(TEXTS))
    return st.lists(call, min_size=1, max_size=3, unique_by=lambda each: each.id).map(tuple)


def _messages() -> st.SearchStrategy[Message]:
    text = st.sampled_from(TEXTS)
    return st.one_of(
        st.builds(Message, st.just("user"), text, st.booleans()),
        st.builds(Message, st.just("assistant"), text),
        st.builds(Message, st.just("system"), text),
        st.builds(Message, st.just("assistant"), text, st.just(False), _calls()),
    )


def talks() -> st.SearchStrategy[list[Message]]:
    """Some messages in any order that begin, or end, or go on, as clients let them."""
    return st.lists(_messages(), min_size=1, max_size=6)


def strict_talks() -> st.SearchStrategy[list[Message]]:
    """As Anthropic wants them: the user first and last, no instructions, nothing blank."""
    words = st.sampled_from([text for text in TEXTS if text.strip()])
    first = st.builds(Message, st.just("user"), words, st.booleans())
    answer = st.builds(Message, st.just("assistant"), words)
    called = st.builds(Message, st.just("assistant"), words, st.just(False), _calls())
    return st.lists(first | answer | called, max_size=5).flatmap(
        lambda middle: st.tuples(first, first).map(lambda ends: [ends[0], *middle, ends[1]])
    )
