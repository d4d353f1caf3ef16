"""The command line: `python -m backend.cli --help`."""

import importlib
from pathlib import Path

import click

from backend import config
from backend.domains.catalog import commands as catalog
from backend.domains.deliberation import vote_commands as votes
from backend.domains.grid import commands as grid
from backend.domains.identity import commands as identity
from backend.domains.insight import commands as insight
from backend.domains.retrieval import commands as retrieval
from backend.domains.routing import commands as routing
from backend.kernel import logs
from backend.kernel.services import Services

# Addresses nobody listens at: enough to compose the application and read its routes.
NOWHERE = {"DATABASE_URL": "postgresql://127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Look after an installation of Huying."""
    logs.configure("WARNING")
    context.obj = context.obj or _services


def _settings() -> config.Settings:
    """Settings of this installation; without any, those of the demo that `make run` made.

    By name, because nothing in production imports the demo and a package may leave it out.
    """
    if config.anything_set():
        return config.load()
    demo = importlib.import_module("backend.demo.environment")
    environ = click.get_current_context().find_root().with_resource(demo.borrowed())
    return config.load(environ)


def _services() -> Services:
    from backend.app import compose

    return compose(_settings())


@cli.group("import")
def import_group() -> None:
    """Bring data in."""


@cli.group("evaluate")
def evaluate_group() -> None:
    """Measure quality on a data set and print one JSON object."""


@cli.group("train")
def train_group() -> None:
    """Learn from the district's own data."""


@cli.group("search")
def search_group() -> None:
    """Look after the search index."""


import_group.add_command(catalog.import_items)
import_group.add_command(grid.import_areas)
import_group.add_command(identity.import_organisation)
cli.add_command(identity.add_administrator)
cli.add_command(votes.votes_group)
evaluate_group.add_command(catalog.evaluate_items)
evaluate_group.add_command(insight.evaluate_hot_issues)
evaluate_group.add_command(routing.evaluate_routing)
evaluate_group.add_command(retrieval.evaluate_knowledge)
evaluate_group.add_command(retrieval.evaluate_replies)
search_group.add_command(retrieval.rebuild)
train_group.add_command(routing.train_routing)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from backend.migrations import state

    state.upgrade(_settings().database_url)
    click.echo("database is up to date")


@cli.group()
def verify() -> None:
    """Check what must not have changed."""


@verify.command("trace")
def verify_trace() -> None:
    """Recompute every chain and checkpoint of the trace; exit code 1 if anything differs."""
    from backend.kernel import trace_audit

    services = _services()
    with services.db.transaction() as session:
        findings = trace_audit.verify(session)
    for finding in findings:
        click.echo(f"{finding.what}: {finding.where}")
    click.echo(f"{len(findings)} findings")
    raise SystemExit(bool(findings))


@cli.command()
@click.argument("target", type=click.Path(dir_okay=False))
def openapi(target: str) -> None:
    """Write the OpenAPI document to TARGET."""
    from backend.app import create_app
    from backend.http.openapi import written

    # The document must not depend on the installation, so it is made without one.
    app = create_app(config.load({"ENVIRONMENT": "demo", **NOWHERE}))
    Path(target).write_text(written(app), encoding="utf-8")
    click.echo(f"wrote {target}")


@cli.command()
@click.argument("target", type=click.Path(dir_okay=False), default="docs/state-machines.md")
def diagrams(target: str) -> None:
    """Write every state table as a diagram to TARGET."""
    from backend.diagrams import page

    Path(target).write_text(page(), encoding="utf-8")
    click.echo(f"wrote {target}")


if __name__ == "__main__":
    cli()
