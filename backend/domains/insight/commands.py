"""Commands of insight: measure how hot issues are found."""

import json
from pathlib import Path

import click


@click.command("hot-issues")
@click.option(
    "--messages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Messages with title, text and time (JSONL); `event` and `event_kind` only score.",
)
def evaluate_hot_issues(messages: Path) -> None:
    """Measure the finding of hot issues; prints one JSON object."""
    from backend.domains.insight.evaluation import evaluate

    try:
        figures = evaluate(messages)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures))
