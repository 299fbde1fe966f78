"""The operator in the soak: creates users, grants credits, and records the lowest balance."""

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from control_plane.admin import ledger as admin_ledger
from control_plane.admin import tokens, users
from control_plane.container import open_container
from control_plane.identity.users.records import User
from control_plane.kit.database import Pool, connect, transaction
from control_plane.ledger import grants as credit_grants
from control_plane.ledger.audit.report import AuditReport
from control_plane.ledger.records import NewLot, Source
from control_plane.settings import Settings
from shared import keyspace
from shared.credits import MICRO

FIRST_CREDITS = 5
UNAVAILABLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_LOWEST = (Path(__file__).parent / "lowest.sql").read_text()


@dataclass(frozen=True)
class Member:
    user: User
    token: str


class Granter:
    """`granted` counts grants; `lowest` is the smallest balance seen, in micro-credits."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._members: list[Member] = []
        self.granted, self.lowest = 0, 0

    async def create_users(self, count: int) -> list[Member]:
        issuer = self._settings.public_url
        async with open_container(self._settings, pool_size=2) as container:
            for number in range(count):
                email = f"soak{number}@example.com"
                user = await users.create_user(container.pool, email, "enterprise", FIRST_CREDITS)
                token = await tokens.issue_token(container.pool, container.keys, issuer, email)
                self._members.append(Member(user, token))
        return self._members

    async def grant_at_random(self, per_second: float) -> None:
        """Runs until cancelled; skips grants while PostgreSQL is down."""
        pool = await connect(self._settings.database_url.get_secret_value(), size_max=2)
        while True:
            await asyncio.sleep(random.expovariate(per_second))
            try:
                await self._grant(pool, random.choice(self._members))
            except UNAVAILABLE:
                continue
            self.granted += 1

    async def _grant(self, pool: Pool, member: Member) -> None:
        amount, source, expires_at = random.randint(1, 8) * MICRO, Source.GRANTED, None
        if random.random() < 0.5:
            source = Source.PROMO
            expires_at = datetime.now(UTC) + timedelta(seconds=random.randint(3, 60))
        async with transaction(pool) as connection:
            await credit_grants.grant(
                connection, member.user.id, NewLot(source, amount, expires_at)
            )

    async def watch_balances(self) -> None:
        """Runs until cancelled."""
        redis = Redis.from_url(self._settings.redis_url.get_secret_value())
        while True:
            try:
                pipeline = redis.pipeline(transaction=False)
                for member in self._members:
                    pipeline.hget(keyspace.account_key(member.user.id), "avail")
                seen = [int(avail) for avail in await pipeline.execute() if avail is not None]
                self.lowest = min([self.lowest, *seen])
            except (RedisError, OSError):
                pass
            await asyncio.sleep(0.5)

    async def audit(self) -> AuditReport:
        async with open_container(self._settings, pool_size=2) as container:
            return await admin_ledger.audit(container.pool, container.redis)

    async def debts(self) -> dict[str, int]:
        """The figures of `lowest.sql`."""
        connection = await asyncpg.connect(self._settings.database_url.get_secret_value())
        try:
            row = await connection.fetchrow(_LOWEST)
            assert row is not None
            return dict(row)
        finally:
            await connection.close()
