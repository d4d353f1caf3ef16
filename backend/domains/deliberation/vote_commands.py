"""Commands about votes: `python -m backend.cli votes check`."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import click

from backend.domains.deliberation import vote_checking, vote_moves
from backend.kernel.services import Services

_NEXT = "\nhuying-vote/"


def split_notes(text: str) -> list[str]:
    """The notes of a file that holds several, one behind the other."""
    parts = text.replace("\r\n", "\n").split(_NEXT)
    found = [parts[0], *(f"{_NEXT[1:]}{part}" for part in parts[1:])]
    return [one if one.endswith("\n") else f"{one}\n" for one in found if one.strip()]


@click.group("votes")
def votes_group() -> None:
    """Look after votes."""


@votes_group.command("check")
@click.option("--vote", "vote_id", type=click.UUID, help="Only this vote.")
@click.option("--checkpoint", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Checkpoints that were kept elsewhere.")  # fmt: skip
@click.pass_obj
def check_votes(
    make: Callable[[], Services], vote_id: UUID | None, checkpoint: Path | None
) -> None:
    """Compare rolls, ballots and results with the signed checkpoints; exit code 1 if they differ."""
    services = make()
    kept = split_notes(checkpoint.read_text(encoding="utf-8")) if checkpoint else []
    total = 0
    with services.unit() as uow:
        found = [vote_moves.get(uow, vote_id)] if vote_id else vote_checking.votes_to_check(uow)
        for vote in found:
            mine = [note for note in kept if note.startswith(f"huying-vote/{vote.id}\n")]
            for finding in vote_checking.check(uow, vote, mine):
                click.echo(f"{vote.id} {finding.what} {finding.where}".rstrip())
                total += 1
    click.echo(f"{len(found)} votes, {total} findings")
    raise SystemExit(bool(total))
