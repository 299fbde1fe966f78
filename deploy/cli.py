"""`headrace`: the operator's command line. One command, one file in `deploy/commands/`.

Errors are one line on standard error and exit code 1; a wrong call is typer's, with exit code 2.
"""

import sys

import typer

from control_plane.kit.migrations import MigrationFailed
from deploy.commands import audit, doctor, down, grant, migrate, status, token, up, user
from deploy.commands.failure import Failure
from shared.errors import Refusal

app = typer.Typer(
    name="headrace",
    help="Headrace: sell LLM access to the users of a desktop app, metered to the credit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("up")(up.up)
app.command("down")(down.down)
app.command("status")(status.status)
app.command("token")(token.token)
app.add_typer(user.app, name="user")
app.command("grant")(grant.grant)
app.command("audit")(audit.audit)
app.command("migrate")(migrate.migrate)
app.command("doctor")(doctor.doctor)


def main() -> None:
    """Run the command line; the console script `headrace`."""
    try:
        app()
    except (Failure, Refusal, MigrationFailed, OSError, ValueError) as error:
        sys.exit(f"headrace: {_in_one_line(error)}")


def _in_one_line(error: BaseException) -> str:
    details = getattr(error, "details", None) or {}
    fields = [f"{each['field']}: {each['message']}" for each in details.get("fields", [])]
    return " ".join([" ".join(str(error).split()), *fields])
