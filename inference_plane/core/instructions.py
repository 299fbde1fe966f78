"""Instructions in the middle of a conversation, for a vendor that has them only at its start.

They stay where they are, so that their order means what it meant and a prompt cache holds: as a
user's text, in tags that say what it is.
"""

from inference_plane.core.prompt import Text, Turn

_TAGGED = "<system>\n{}\n</system>"


def as_user(turn: Turn) -> Turn:
    """A user's turn in place of a system turn; any other turn as it is."""
    if turn.role != "system":
        return turn
    texts = [part for part in turn.parts if isinstance(part, Text)]
    return Turn("user", tuple(Text(_TAGGED.format(each.text), each.cache) for each in texts))
