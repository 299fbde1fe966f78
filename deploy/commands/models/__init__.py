"""`headrace models`: the catalogue of models, their prices and routes.

Each command is in a module of its own kind: what is shown, what is changed, what vendors offer.
"""

import typer

from deploy.commands.models import edit, price, show, sync

app = typer.Typer(help="The catalogue of models.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The catalogue of models."""


app.command("show")(show.show)
app.command("add")(edit.add)
app.command("route")(edit.route)
app.command("enable")(edit.enable)
app.command("retire")(edit.retire)
app.command("price")(price.price)
app.command("sync")(sync.sync)
