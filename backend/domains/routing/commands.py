"""Commands of routing: train from the district's own events, and measure the classifier."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from backend.domains.routing import rules
from backend.kernel.services import Services

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("routing")
@click.option("--target", type=click.Choice(rules.TARGETS), multiple=True, help="Default: both.")
@click.option("--anyway", is_flag=True, help="Use the new model even if it measures worse.")
@click.pass_obj
def train_routing(compose: Callable[[], Services], target: tuple[str, ...], anyway: bool) -> None:
    """Train the suggestions from closed events; prints one JSON object a target."""
    from backend.domains.routing import training

    services = compose()
    for one in target or rules.TARGETS:
        try:
            done = training.run(services, one, anyway=anyway)
        except training.NothingToLearn as error:
            raise click.ClickException(f"{one}: {error}") from error
        click.echo(json.dumps(asdict(done)))
        if done.version is None:
            click.echo(f"{one}: measured worse, the model in use stays", err=True)


@click.command("routing")
@click.option("--train", "train_file", type=_FILE, required=True, help="Labelled texts (JSONL).")
@click.option("--test", "test_file", type=_FILE, help="Labelled texts of the same shape.")
@click.option("--folds", type=click.IntRange(2, 20), help="Cross-validate the first file instead.")
def evaluate_routing(train_file: Path, test_file: Path | None, folds: int | None) -> None:
    """Measure the suggestions; prints one JSON object.

    Messages have title, text and l1; tickets have text and dept.
    """
    from backend.domains.routing import evaluation

    if (test_file is None) == (folds is None):
        raise click.UsageError("give either --test or --folds")
    try:
        if test_file is not None:
            figures = evaluation.evaluate(train_file, test_file)
        else:
            figures = evaluation.cross_validate(train_file, folds or 2)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures))
