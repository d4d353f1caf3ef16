"""Alembic's environment: one transaction, a short wait for locks."""

from typing import Literal

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.types import TypeDecorator

from backend.migrations.tables import all_metadata


def _plain_type(kind: str, item: object, autogen: object) -> str | Literal[False]:
    """Our own column types as what they are in the database: a migration imports no code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate the database named by `sqlalchemy.url`."""
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.begin() as connection:
        # A migration that waits for a lock makes everybody behind it wait as well.
        connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        context.configure(
            connection=connection,
            target_metadata=all_metadata(),
            transaction_per_migration=False,
            compare_server_default=False,
            render_item=_plain_type,
        )
        context.run_migrations()
    engine.dispose()


run()
