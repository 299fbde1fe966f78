"""Routes."""

from deploy.embedded.simulated.serving import Handler

ROUTES: tuple[tuple[str, str, Handler], ...] = ()
