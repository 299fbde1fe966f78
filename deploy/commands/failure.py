"""What a command cannot do, in one line that says what to do instead."""


class Failure(Exception):
    """The command could not do what was asked."""
