"""Commands of the search: measure it on a data set, and make the index anew."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backend.kernel.services import Services

if TYPE_CHECKING:
    from backend.domains.retrieval.evaluation import Task

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_no_model = click.option("--no-model", is_flag=True, help="Words only, without the vectors.")


def _measure(make: "Callable[[], Task]", *, no_model: bool) -> None:
    from tqdm import tqdm

    from backend.domains.retrieval import evaluation, meaning

    def shown(rows: Iterable[Any]) -> Iterable[Any]:
        yield from tqdm(
            rows, unit=f"×{evaluation.BATCH} passages", file=sys.stderr, desc="embedding"
        )

    # Nobody else waits for this process: the model may have all cores.
    os.environ.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
    try:
        task = make()
        figures = evaluation.evaluate(task, None if no_model else meaning.shared(), shown)
    except (ValueError, KeyError) as error:
        raise click.ClickException(str(error)) from error
    if task.unanswerable:
        click.echo(f"left out: {task.unanswerable} queries whose answer is not there", err=True)
    click.echo(json.dumps(figures))


_corpus = click.option(
    "--corpus", type=_FILE, required=True, help="What is searched: .jsonl, .json, .csv, each .gz."
)
_queries = click.option(
    "--queries", type=_FILE, required=True, help="What is asked, in any of these formats."
)


@click.command("knowledge")
@_corpus
@_queries
@_no_model
def evaluate_knowledge(corpus: Path, queries: Path, no_model: bool) -> None:
    """Measure how well questions find their documents; prints one JSON object.

    The corpus has docid and text; queries have question and docid, and count unless their
    doc_available is false.
    """
    from backend.domains.retrieval import evaluation_files

    _measure(lambda: evaluation_files.knowledge(corpus, queries), no_model=no_model)


@click.command("replies")
@_corpus
@_queries
@_no_model
def evaluate_replies(corpus: Path, queries: Path, no_model: bool) -> None:
    """Measure how well titles of letters find their replies; prints one JSON object.

    The corpus has id and reply, of which replies alone are indexed; queries have id and title.
    Both may be one file.
    """
    from backend.domains.retrieval import evaluation_files

    _measure(lambda: evaluation_files.replies(corpus, queries), no_model=no_model)


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
