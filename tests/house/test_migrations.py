"""The migrations make the models' schema, go back to nothing and come again, on seeded data."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from backend.embedded.postgres import Postgres
from backend.migrations import state
from backend.migrations.tables import all_metadata
from tests.district import District

HERE = Path(state.__file__).parent

# Everything a table is made of, as PostgreSQL itself writes it down.
CATALOG = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, character_maximum_length,
               is_nullable, column_default, is_identity, generation_expression
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
}


def catalog(url: str) -> dict[str, list[tuple[object, ...]]]:
    """What is in the database, without Alembic's own table."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            kind: sorted(
                (tuple(row) for row in connection.execute(text(query))
                 if row[0] != "alembic_version"),
                key=repr,
            )
            for kind, query in CATALOG.items()
        }  # fmt: skip
    engine.dispose()
    return found


@pytest.fixture
def empty_db(postgres: Postgres) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = f"empty_{uuid4().hex[:12]}"
    postgres.create(name)
    yield postgres.url_of(name)
    postgres.drop(name)


@pytest.fixture
def engine(empty_db: str) -> Iterator[Engine]:
    made = create_engine(empty_db)
    yield made
    made.dispose()


def test_up_down_and_up_again_with_the_demo_in_it(postgres: Postgres, district: District) -> None:
    url = postgres.url_of(district.whole())
    first = catalog(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM trace_entry")) > 0
    engine.dispose()
    state.downgrade(url)
    assert {kind: rows for kind, rows in catalog(url).items() if rows} == {}
    state.upgrade(url)
    assert catalog(url) == first


# PostgreSQL rewrites the expression of a computed column; the catalogues are compared below.
@pytest.mark.filterwarnings("ignore:Computed default on:UserWarning")
def test_the_migrated_schema_is_the_models_schema(postgres: Postgres, empty_db: str) -> None:
    """By Alembic's comparison and, since that skips CHECKs and triggers, by the catalogue."""
    state.upgrade(empty_db)
    made = create_engine(empty_db)
    with made.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, all_metadata()) == []
    made.dispose()

    name = f"models_{uuid4().hex[:12]}"
    postgres.create(name)
    other = create_engine(postgres.url_of(name))
    for metadata in all_metadata():
        metadata.create_all(other)
    other.dispose()
    migrated, modelled = catalog(empty_db), catalog(postgres.url_of(name))
    postgres.drop(name)
    for kind in CATALOG:
        assert migrated[kind] == modelled[kind], kind


def test_the_trace_cannot_be_edited_after_a_migration(empty_db: str, engine: Engine) -> None:
    state.upgrade(empty_db)
    for attempt in (
        "UPDATE trace_entry SET action = 'x'",
        "DELETE FROM trace_entry",
        "TRUNCATE trace_entry",
    ):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(attempt))


def test_the_migrations_are_one_line_with_one_head() -> None:
    script = ScriptDirectory.from_config(state.config())
    revisions = list(script.walk_revisions())
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert not [found for found in revisions if found.is_merge_point or found.is_branch_point]
    numbers = sorted(found.revision for found in revisions)
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
    files = sorted(path.name for path in (HERE / "versions").glob("*.py"))
    assert [name.partition("_")[0] for name in files] == numbers


def test_a_migration_waits_for_a_lock_for_a_second_at_most(empty_db: str, engine: Engine) -> None:
    """A migration that waits makes everybody behind it wait as well."""
    state.upgrade(empty_db)
    with engine.begin() as holder:
        holder.execute(text("LOCK TABLE appointment IN ACCESS SHARE MODE"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            state.downgrade(empty_db)
    assert catalog(empty_db)["columns"]


def test_migrations_import_no_code_of_ours() -> None:
    """A migration must do the same in five years, whatever the code has become."""
    ours = re.compile(r"^\s*(?:from|import)\s+(?:backend|appointments|notifications)\b", re.M)
    for path in (HERE / "versions").glob("*.py"):
        assert not ours.search(path.read_text(encoding="utf-8")), path.name
