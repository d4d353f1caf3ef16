"""The schema that tests run on."""

from sqlalchemy import create_engine, text

from backend.migrations.tables import all_metadata


def create_schema(url: str) -> None:
    """Make every table in the database at `url`."""
    engine = create_engine(url)
    for metadata in all_metadata():
        metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num text)"))
    engine.dispose()
