"""The schema that tests run on: the one that installations get."""

from backend.migrations import state


def create_schema(url: str) -> None:
    """Make every table in the database at `url` by the migrations."""
    state.upgrade(url)
