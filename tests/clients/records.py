"""What the matrix is made of: a client that people install, its cells, and how it is installed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FAMILIES = {
    "gpt": ("gpt-5.2", "openai"),
    "claude": ("claude-sonnet-4-5", "anthropic"),
    "gemini": ("gemini-3.1-pro-preview", "google"),
}
"""A model of each vendor, and the provider that serves it."""


LEFT_OPEN = {
    "abort": "a stream that is left is closed only when Python collects its garbage, so the model "
    "goes on for a while"
}
"""Why some libraries stop no model."""


@dataclass(frozen=True)
class Program:
    """`environment` names a set of `requirements/clients-*.txt`, or a folder of `npm/`. `module` is
    one of `programs/`; it is empty for a folder's `run.mjs`, and for a command.
    """

    environment: str
    module: str = ""


@dataclass(frozen=True, kw_only=True)
class Client:
    """`setup` is what a user copies, in the language `language`. `gaps` says why the client itself
    cannot do a task: by the task, by `family`, or by `task-family`. `directives` are what the model
    has to answer where this client needs something else than the rest, by task or `task-family`.
    `settings` is a JSON file that the client needs: its path, its text.
    """

    name: str
    title: str
    setup: str
    language: str
    program: Program
    gaps: Mapping[str, str] = field(default_factory=dict)
    directives: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    notes: str = ""
    settings: tuple[str, str] | None = None


@dataclass(frozen=True)
class Cell:
    """A client that does a task with a model of a family."""

    client: Client
    family: str
    task: str

    @property
    def id(self) -> str:
        return f"{self.client.name}-{self.family}-{self.task}"

    @property
    def gap(self) -> str:
        """Why the client cannot do this; empty if it can."""
        gaps = self.client.gaps
        keys = (f"{self.task}-{self.family}", self.task, self.family)
        return next((gaps[key] for key in keys if key in gaps), "")
