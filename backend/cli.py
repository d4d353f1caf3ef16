"""The command line: `python -m backend.cli --help`."""

import click

from backend import config
from backend.kernel import logs


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Look after an installation of Huying."""
    logs.configure("WARNING")
    context.obj = None


@cli.group("import")
def import_group() -> None:
    """Bring data in."""


@cli.group("evaluate")
def evaluate_group() -> None:
    """Measure quality on a data set and print one JSON object."""


@cli.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from backend.migrations import state

    state.upgrade(config.load().database_url)
    click.echo("database is up to date")


if __name__ == "__main__":
    cli()
