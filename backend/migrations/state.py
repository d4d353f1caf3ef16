"""Where the migrations stand."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

HERE = Path(__file__).parent


def config(database_url: str = "") -> Config:
    """Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return made


@cache
def head_revision() -> str | None:
    """The newest migration in this checkout."""
    return ScriptDirectory.from_config(config()).get_current_head()


def upgrade(database_url: str) -> None:
    """Bring the database to this checkout's newest migration."""
    command.upgrade(config(database_url), "head")


def downgrade(database_url: str, to: str = "base") -> None:
    """Take the database back to revision `to`."""
    command.downgrade(config(database_url), to)
