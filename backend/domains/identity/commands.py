"""Commands for the people who install the system."""

import json
from pathlib import Path

import click

from backend.domains.identity import staff_accounts
from backend.domains.identity.staff_accounts import RoleAt
from backend.domains.organisation import service as organisation
from backend.kernel.errors import DomainError
from backend.kernel.services import Services


def add_administrator(services: Services, username: str, name: str) -> None:
    """Create the first (or another) administrator and print the temporary password once."""
    try:
        with services.unit() as uow:
            _, password = staff_accounts.create(
                uow, username=username, name=name, roles=[RoleAt("administrator", "district")]
            )
    except DomainError as error:
        raise click.ClickException(error.title) from error
    click.echo(f"user name: {username}")
    click.echo(f"temporary password: {password}")
    click.echo("Sign in, change the password and bind an authenticator.")


def import_organisation(services: Services, file: Path) -> None:
    """Bring in the district, its streets and departments from a JSON file."""
    document = json.loads(file.read_text(encoding="utf-8"))
    with services.unit() as uow:
        organisation.load(uow.session, document)
    click.echo(f"{len(document['streets'])} streets, {len(document['departments'])} departments")
