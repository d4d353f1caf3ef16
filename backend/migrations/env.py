"""Alembic's environment: one transaction, a short wait for locks."""

from alembic import context
from sqlalchemy import create_engine, text

from backend.migrations.tables import all_metadata


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
        )
        context.run_migrations()
    engine.dispose()


run()
