"""What an operator does from the command line, each as one call that opens and closes its own
connections. Bad input raises a `shared.errors.Refusal` whose message may be printed as it is.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from control_plane import enrolment, seeds
from control_plane.catalogue import service as catalogue
from control_plane.catalogue.records import Dated, Model, NewModel, Route
from control_plane.connections import opened
from control_plane.credits import service as credit_service
from control_plane.credits.audit import Audit
from control_plane.credits.records import NewLot, Source
from control_plane.credits.report import AuditReport
from control_plane.kit import migrations
from control_plane.kit.database import Pool, close, connect, transaction
from control_plane.oidc import service as oidc
from control_plane.oidc.keys import Keys
from control_plane.second_factors import enrolling
from control_plane.settings import Settings
from control_plane.usage import dead_letters, rebooking
from control_plane.usage.dead_letters import DeadLetter
from control_plane.users import service as users
from control_plane.users.records import NewUser, User
from shared.credits import MICRO


async def migrate(settings: Settings) -> None:
    """Bring the database's schema up to date. Running it again changes nothing.

    Raises `kit.migrations.MigrationFailed`.
    """
    await migrations.migrate(settings.database_url.get_secret_value())


async def migration_pending(settings: Settings) -> bool:
    """True while the database lacks a migration this version wants."""
    async with _database(settings) as pool:
        return bool(await migrations.pending(pool))


async def seed(settings: Settings, demo: bool = False) -> None:
    """Put the first client, tiers, plans and models in place, and the demo users if asked."""
    async with _database(settings) as pool:
        await seeds.seed(pool)
        if demo:
            await seeds.seed_demo(pool)


async def create_user(
    settings: Settings,
    email: str,
    tier: str = "free",
    credits: int | None = None,
    password: str | None = None,
) -> User:
    """A new user with `credits` whole credits, or with the plan's allotment when None.

    Raises Conflict (the address is taken) or ValidationFailed (address, tier, credits, password).
    """
    async with _database(settings) as pool, transaction(pool) as connection:
        return await enrolment.enrol(connection, NewUser(email, tier, password), credits)


async def grant_credits(settings: Settings, email: str, credits: int) -> None:
    """Add whole credits that never expire. Raises NotFound or ValidationFailed.

    The workers carry them to Redis: they are told at once.
    """
    async with _database(settings) as pool, transaction(pool) as connection:
        user = await users.load_by_email(connection, email)
        lot = NewLot(Source.GRANTED, credits * MICRO)
        await credit_service.grant(connection, user.id, lot)


async def remove_second_factors(settings: Settings, email: str) -> None:
    """For somebody who has lost them all: only the password is left. Its user is told by mail.

    Raises NotFound.
    """
    async with _database(settings) as pool, transaction(pool) as connection:
        user = await users.load_by_email(connection, email)
        await enrolling.remove_all(connection, user, settings.public_url)


async def issue_token(settings: Settings, email: str, scopes: Sequence[str] | None = None) -> str:
    """An access token as the desktop client would get it; None: with all that client's scopes.

    Raises NotFound (no such user) or ValidationFailed (a scope the client may not have).
    """
    async with _database(settings) as pool:
        user = await users.load_by_email(pool, email)
        keys = Keys(pool, settings.derived_key("signing keys"))
        return await oidc.issue(pool, keys, settings.public_url, oidc.Ask(user.id, scopes))


async def list_models(settings: Settings) -> list[Model]:
    """The catalogue, as it is offered."""
    async with _database(settings) as pool:
        return await catalogue.list_models(pool)


async def list_routes(settings: Settings) -> list[Route]:
    """Where models are served, also those that are not offered."""
    async with _database(settings) as pool:
        return await catalogue.list_routes(pool)


async def add_models(settings: Settings, new: Sequence[NewModel]) -> None:
    """Take models in; they are offered once they are priced and made available."""
    async with _database(settings) as pool, transaction(pool) as connection:
        await catalogue.add_models(connection, new)


async def withdraw_routes(settings: Settings, routes: Sequence[Route]) -> list[str]:
    """Take routes out; returns the models that are thereby not available any more."""
    async with _database(settings) as pool, transaction(pool) as connection:
        return await catalogue.withdraw_routes(connection, routes)


async def date_models(settings: Settings, dated: Sequence[Dated]) -> None:
    """Note when models end; running replicas say so within two seconds."""
    async with _database(settings) as pool, transaction(pool) as connection:
        await catalogue.date_models(connection, dated)


async def audit(settings: Settings) -> AuditReport:
    """Prove every account against the reconciliation equation; the run is recorded."""
    async with opened(settings, pool_size=2) as connections:
        return await Audit(connections.pool, connections.redis).run()


async def list_dead_letters(settings: Settings) -> list[DeadLetter]:
    """Entries that could not be booked and wait until what is wrong is mended; oldest first."""
    async with _database(settings) as pool:
        return await dead_letters.list_waiting(pool)


async def rebook_dead_letters(settings: Settings) -> int:
    """Book those that can be booked now; returns how many. The others stay, with their reason."""
    async with _database(settings) as pool:
        return await rebooking.rebook(pool)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Pool]:
    pool = await connect(settings.database_url.get_secret_value(), size_max=2)
    try:
        yield pool
    finally:
        await close(pool)
