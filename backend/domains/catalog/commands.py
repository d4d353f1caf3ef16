"""Commands of the catalogue: import a catalogue, and measure the search."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from backend.kernel.services import Services

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("items")
@click.argument("file", type=_FILE)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report here instead of to the screen.",
)
@click.pass_obj
def import_items(compose: Callable[[], Services], file: Path, report: Path | None) -> None:
    """Import the service items of FILE (JSONL). Running it again changes nothing."""
    from tqdm import tqdm

    from backend.domains.catalog import importer

    services = compose()
    done = importer.run(
        services, file, lambda lines: tqdm(lines, unit="row", file=sys.stderr, desc="importing")
    ).as_dict()
    text = json.dumps(done, ensure_ascii=False, indent=1)
    if report:
        report.write_text(text + "\n", encoding="utf-8")
        counts = {key: value for key, value in done.items() if isinstance(value, int)}
        click.echo(json.dumps(counts, ensure_ascii=False))
    else:
        click.echo(text)
    click.echo("the worker gives new items their vectors in the background", err=True)


@click.command("items")
@click.option("--corpus", type=_FILE, required=True, help="The items (JSONL).")
@click.option("--queries", type=_FILE, required=True, help="Queries with their wanted items.")
@click.option("--no-model", is_flag=True, help="Words only, without the vectors.")
@click.option("--no-everyday-words", is_flag=True, help="Without the table of everyday words.")
def evaluate_items(corpus: Path, queries: Path, no_model: bool, no_everyday_words: bool) -> None:
    """Measure the item search; prints one JSON object."""
    from tqdm import tqdm

    from backend.domains.catalog.evaluation import evaluate
    from backend.domains.catalog.search_dense import shared_embedder

    try:
        figures = evaluate(
            corpus,
            queries,
            None if no_model else shared_embedder(),
            translate=not no_everyday_words,
            progress=lambda rows: tqdm(rows, unit="row", file=sys.stderr, desc="indexing"),
        )
    except (ValueError, KeyError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures))
