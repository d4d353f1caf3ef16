"""Commands for the people who install the system: the first administrator, the district."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from backend.domains.identity import staff_accounts
from backend.domains.identity.staff_accounts import RoleAt
from backend.domains.organisation import service as organisation
from backend.kernel.errors import DomainError
from backend.kernel.services import Services

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("add-administrator")
@click.argument("username")
@click.argument("name")
@click.pass_obj
def add_administrator(compose: Callable[[], Services], username: str, name: str) -> None:
    """Create an administrator NAME and print the temporary password, once."""
    try:
        with compose().unit() as uow:
            _, password = staff_accounts.create(
                uow, username=username, name=name, roles=[RoleAt("administrator", "district")]
            )
    except DomainError as error:
        raise click.ClickException(error.detail or error.title) from error
    click.echo(f"user name: {username}")
    click.echo(f"temporary password: {password}")
    click.echo("Sign in at /console/, bind an authenticator and change the password.")


@click.command("organisation")
@click.argument("file", type=_FILE)
@click.pass_obj
def import_organisation(compose: Callable[[], Services], file: Path) -> None:
    """Import the district, its streets and departments from FILE (JSON). Deletes nothing."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        with compose().unit() as uow:
            organisation.load(uow.session, document)
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{file} is not such a file: {error!r}") from error
    click.echo(f"{len(document['streets'])} streets, {len(document['departments'])} departments")
