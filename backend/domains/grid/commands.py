"""Command of the grid: import areas."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from backend.domains.grid.coordinate_rules import SYSTEMS, WGS84
from backend.kernel.services import Services


@click.command("areas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--system",
    type=click.Choice(SYSTEMS),
    default=WGS84,
    show_default=True,
    help="The coordinate system of the file.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report here instead of to the screen.",
)
@click.pass_obj
def import_areas(
    compose: Callable[[], Services], file: Path, system: str, report: Path | None
) -> None:
    """Import streets, communities and cells of FILE (GeoJSON). Running it again changes nothing.

    FILE is a FeatureCollection; each feature says kind (street, community, cell), code, name,
    parent (the code above; null for a street, whose code is the organisation's) and, if it has
    any, aliases.
    """
    from backend.domains.grid import importer

    try:
        features = importer.read_file(file)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    with compose().unit() as uow:
        done = importer.run(uow, features, system).as_dict()
    text = json.dumps(done, ensure_ascii=False, indent=1)
    if report:
        report.write_text(text + "\n", encoding="utf-8")
        counts = {key: value for key, value in done.items() if isinstance(value, int)}
        click.echo(json.dumps(counts, ensure_ascii=False))
    else:
        click.echo(text)
