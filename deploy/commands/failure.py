"""The error of a command: one line that also says what to do."""


class Failure(Exception):
    """The command failed."""
