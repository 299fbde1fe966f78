"""`headrace`: the operator's command line. One command, one file in `deploy/commands/`.

Only the requested command's module is imported, so that commands start quickly. Errors are one line
on standard error with exit code 1; wrong usage has typer's message and exit code 2.
"""

import sys
from importlib import import_module

import typer

from deploy.commands.failure import Failure
from shared.errors import Refusal

COMMANDS = (
    "up",
    "down",
    "status",
    "token",
    "user",
    "grant",
    "audit",
    "deadletters",
    "migrate",
    "doctor",
    "models",
    "providers",
    "clients",
)
"""One module each, with a function of that name; groups have an `app`."""


def build_app(names: tuple[str, ...]) -> typer.Typer:
    """The command line with those commands."""
    app = typer.Typer(
        name="headrace",
        help="Headrace: sell LLM access to the users of a desktop app, metered to the credit.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    # With a single command, typer would treat its name as an argument.
    app.callback()(lambda: None)
    for name in names:
        module = import_module(f"deploy.commands.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def main() -> None:
    """Run the command line; the console script `headrace`."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        build_app((name,) if name in COMMANDS else COMMANDS)()
    except (Failure, Refusal, OSError, ValueError) as error:
        sys.exit(f"headrace: {_in_one_line(error)}")


def _in_one_line(error: BaseException) -> str:
    details = getattr(error, "details", None) or {}
    fields = [f"{each['field']}: {each['message']}" for each in details.get("fields", [])]
    return " ".join([" ".join(str(error).split()), *fields])
