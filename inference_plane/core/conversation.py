"""A conversation as vendors require it that are stricter than OpenAI, and its instructions.

Those vendors take instructions only at the start and no blank text, and want at least one turn.
What can keep its meaning is written otherwise; what cannot is refused.
"""

from itertools import groupby

from msgspec.structs import replace

from inference_plane.core.prompt import Inexpressible, Part, Prompt, Refusal, Text, Turn

_TAGGED = "<system>\n{}\n</system>"


def instruct(system: list[Text], turns: list[Turn], parts: tuple[Part, ...]) -> None:
    """Adds instructions where they came: to `system` at the start, else as a turn of their own."""
    texts = tuple(part for part in parts if isinstance(part, Text))
    if turns:
        turns.append(Turn("system", texts))
    else:
        system += texts


def tagged(text: str) -> str:
    """An instruction as a user's text."""
    return _TAGGED.format(text)


def strict(prompt: Prompt, *, prefills: bool = False) -> Prompt:
    """The prompt with turns of users and assistants only, none of them blank, a user's at first.

    Turns of one side that follow one another become one. `prefills`: where the assistant's is the
    last, the model continues it by itself. A prompt of nothing but instructions asks what they say.
    Raises Inexpressible where the last turn is blank, since without it the vendor would continue
    the turn before.
    """
    turns = [turn for turn in map(_without_blanks, map(_as_user, prompt.turns)) if turn.parts]
    if prompt.turns and turns and not _without_blanks(prompt.turns[-1]).parts:
        raise Inexpressible("messages", "the last message is blank")
    if turns:
        whole = (*_opened(turns), *turns, *_closed(turns, prefills=prefills))
        return replace(prompt, turns=_joined(whole))
    system = tuple(text for text in prompt.system if text.text.strip())
    if not system:
        raise Inexpressible("messages", "all of them are blank")
    return replace(prompt, system=(), turns=(Turn("user", system),))


def _opened(turns: list[Turn]) -> tuple[Turn, ...]:
    """Where the assistant speaks first, a word before it, which those vendors require."""
    if turns[0].role == "user":
        return ()
    return (Turn("user", (Text(tagged("The conversation begins with your message.")),)),)


def _closed(turns: list[Turn], *, prefills: bool) -> tuple[Turn, ...]:
    """Where the assistant spoke last, the wish that it goes on."""
    if prefills or turns[-1].role == "user":
        return ()
    return (Turn("user", (Text(tagged("Continue, without repeating anything.")),)),)


def _joined(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    runs = groupby(turns, key=lambda each: each.role)
    return tuple(
        Turn(role, tuple(part for turn in run for part in turn.parts)) for role, run in runs
    )


def _as_user(turn: Turn) -> Turn:
    """Instructions in the middle stay in their place, as a user's text in tags.

    So their order means what it meant, and a prompt cache holds.
    """
    if turn.role != "system":
        return turn
    texts = [part for part in turn.parts if isinstance(part, Text)]
    return Turn("user", tuple(Text(tagged(each.text), each.cache) for each in texts))


def _without_blanks(turn: Turn) -> Turn:
    return Turn(turn.role, tuple(part for part in turn.parts if not _is_blank(part)))


def _is_blank(part: Part) -> bool:
    return isinstance(part, Text | Refusal) and not part.text.strip()
