"""What the command line calls: seeds, users, grants, tokens."""

from typing import Any

import jwt
import pytest

from control_plane.container import Container
from control_plane.identity.users import passwords
from control_plane.identity.users.records import User
from control_plane.kit.database import connect
from control_plane.settings import Settings
from shared.credits import MICRO
from shared.errors import Conflict, NotFound, Refusal, ValidationFailed
from shared.keyspace import account_key
from tests.support import operations


async def test_a_migrated_database_lacks_nothing_and_migrates_again(settings: Settings) -> None:
    assert not await operations.has_pending_migrations(settings)
    await operations.migrate(settings)
    assert not await operations.has_pending_migrations(settings)


async def test_seeding_twice_is_seeding_once(settings: Settings) -> None:
    await operations.seed(settings, demo=True)
    await operations.seed(settings, demo=True)
    pool = await connect(settings.database_url.get_secret_value())
    try:
        rows = await pool.fetch(
            "SELECT u.email, u.tier, u.is_admin, u.password_hash, sum(l.remaining) AS credits "
            "FROM users u JOIN lots l ON l.account = u.id GROUP BY u.id ORDER BY u.email"
        )
        found = [(row["email"], row["tier"], row["is_admin"], row["credits"]) for row in rows]
        assert found == [
            ("admin@example.com", "enterprise", True, 1_000_000 * MICRO),
            ("demo@example.com", "pro", False, 100_000 * MICRO),
            ("free@example.com", "free", False, 5_000 * MICRO),
        ]
        assert await passwords.check("headrace-demo-password", rows[0]["password_hash"])
        assert not await passwords.check("another password", rows[0]["password_hash"])
    finally:
        await pool.close()


async def test_a_user_gets_exactly_the_given_credits(container: Container, user: User) -> None:
    assert user.email == "ada@example.com"
    assert await container.redis.hget(account_key(user.id), "avail") == b"100000000"


async def test_zero_credits_are_no_credits(settings: Settings, container: Container) -> None:
    poor = await operations.create_user(settings, " Poor@Example.COM ", "pro", 0)
    assert poor.email == "poor@example.com"
    assert await container.pool.fetchval("SELECT count(*) FROM lots") == 0


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("ada@example.com",), Conflict),
        (("not an address",), ValidationFailed),
        (("b@example.com", "gold"), ValidationFailed),
        (("b@example.com", "pro", -1), ValidationFailed),
        (("b@example.com", "pro", 1, "short"), ValidationFailed),
    ],
)
async def test_bad_input_is_refused_and_leaves_nothing(
    settings: Settings,
    container: Container,
    user: User,
    arguments: tuple[str],
    refusal: type[Refusal],
) -> None:
    with pytest.raises(refusal):
        await operations.create_user(settings, *arguments)
    assert await container.pool.fetchval("SELECT count(*) FROM users") == 1


async def test_granting_reaches_redis_once(
    settings: Settings, container: Container, user: User
) -> None:
    await operations.grant_credits(settings, "ada@example.com", 7)
    assert await container.relay.deliver() == 1
    assert await container.relay.deliver() == 0
    assert await container.redis.hget(account_key(user.id), "avail") == b"107000000"
    with pytest.raises(NotFound):
        await operations.grant_credits(settings, "nobody@example.com", 7)
    with pytest.raises(ValidationFailed):
        await operations.grant_credits(settings, "ada@example.com", 0)
    with pytest.raises(ValidationFailed):
        await operations.grant_credits(settings, "ada@example.com", 10**10)


async def test_an_independent_reader_verifies_the_token(
    settings: Settings, container: Container, user: User
) -> None:
    token = await operations.issue_token(settings, "ada@example.com")
    published: Any = await container.redis.get("directory:jwks")
    keys = jwt.PyJWKSet.from_json(published)
    header = jwt.get_unverified_header(token)
    assert header["typ"] == "at+jwt"
    claims = jwt.decode(
        token,
        keys[header["kid"]],
        algorithms=["RS256"],
        audience="headrace",
        issuer="http://localhost:3000",
    )
    assert claims["sub"] == user.id
    assert claims["client_id"] == "textassistant-desktop"
    assert claims["exp"] - claims["iat"] == 3600
    assert "llm.inference" in claims["scope"].split()
    with pytest.raises(ValidationFailed):
        await operations.issue_token(settings, "ada@example.com", ["admin"])


async def test_private_keys_are_ciphertext_at_rest(
    settings: Settings, container: Container
) -> None:
    sealed = await container.pool.fetchval("SELECT private_sealed FROM signing_keys")
    assert b"PRIVATE KEY" not in sealed
    other = Settings.model_validate(
        {
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "HEADRACE_SECRET_KEY": "another key, just as long as the first one",
        }
    )
    await operations.create_user(settings, "eve@example.com")
    with pytest.raises(Refusal, match="HEADRACE_SECRET_KEY"):
        await operations.issue_token(other, "eve@example.com")
