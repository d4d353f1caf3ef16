"""Commands of the search: measure it on a data set, and make the index anew."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from backend.kernel.services import Services

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_no_model = click.option("--no-model", is_flag=True, help="Words only, without the vectors.")


def _measure(make: Callable[[], Any], *, no_model: bool) -> None:
    from tqdm import tqdm

    from backend.domains.retrieval import evaluation, meaning

    def shown(rows: Iterable[Any]) -> Iterable[Any]:
        yield from tqdm(rows, unit="passage", file=sys.stderr, desc="embedding")

    try:
        figures = evaluation.evaluate(make(), None if no_model else meaning.shared(), shown)
    except (ValueError, KeyError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures))


@click.command("knowledge")
@click.option("--corpus", type=_FILE, required=True, help="Documents: docid and text (JSONL).")
@click.option("--questions", type=_FILE, required=True, help="Questions with their docid.")
@_no_model
def evaluate_knowledge(corpus: Path, questions: Path, no_model: bool) -> None:
    """Measure how well questions find their documents; prints one JSON object."""
    from backend.domains.retrieval import evaluation

    _measure(lambda: evaluation.knowledge(corpus, questions), no_model=no_model)


@click.command("replies")
@click.option("--file", type=_FILE, required=True, help="Rows of title and reply (JSONL).")
@_no_model
def evaluate_replies(file: Path, no_model: bool) -> None:
    """Measure how well titles of letters find the reply among all; prints one JSON object."""
    from backend.domains.retrieval import evaluation

    _measure(lambda: evaluation.replies(file), no_model=no_model)


@click.command("rebuild")
@click.pass_obj
def rebuild(compose: Callable[[], Services]) -> None:
    """Make the search index anew from the database and what the domains have."""
    from backend.domains.retrieval import live, upkeep

    services = compose()
    changed = upkeep.compare_sources(services)
    count = live.of(services).rebuild()
    live.of(services).refresh_meanings()
    click.echo(json.dumps({"documents": count, "changed": changed}))
