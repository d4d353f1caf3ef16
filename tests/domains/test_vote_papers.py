"""Paper ballots: two people read each, the first ballot of a seat counts, nothing is told early."""

import pytest
from sqlalchemy import select

from backend.domains.deliberation import ballot_papers, vote_checking, vote_moves, vote_rules
from backend.domains.deliberation.ballot_model import BallotPaper, BallotPaperEntry
from backend.domains.deliberation.ballot_papers import Sheet
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from backend.kernel.errors import Conflict, DomainError, Invalid, NotFound
from backend.kernel.trace import Subject, entries
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import World, staff

FIRST, SECOND, THIRD = staff("方敏"), staff("罗佳"), staff("沈宇")


class Papers:
    def __init__(self, world: World) -> None:
        self.world = world
        self.owners = world.owners(12)
        self.vote_id = world.opened()

    def enter(self, place: int, choice: str = AGREE, who=FIRST, sheet: str = "") -> str:
        entry = self.world.entry(self.vote_id, self.owners[place])
        with self.world.unit(who.actor) as uow:
            put = Sheet(sheet or f"A{place}", entry, [choice])
            return ballot_papers.enter(uow, who, self.vote_id, put).state

    def second(self, place: int, choice: str = AGREE, who=SECOND) -> str:
        with self.world.unit(who.actor) as uow:
            return ballot_papers.second(uow, who, self.vote_id, f"A{place}", [choice]).state

    def void(self, place: int, reason: str = "看不清") -> str:
        with self.world.unit(FIRST.actor) as uow:
            return ballot_papers.void(uow, FIRST, self.vote_id, f"A{place}", reason).state

    def trace(self, place: int) -> list[str]:
        with self.world.unit() as uow:
            paper = uow.session.scalars(
                select(BallotPaper).where(BallotPaper.sheet == f"A{place}")
            ).one()
            return [one.action for one in entries(uow.session, Subject("ballot_paper", paper.id))]


@pytest.fixture
def papers(vote_world) -> Papers:
    return Papers(vote_world)


@pytest.mark.requirement("004.11")
def test_two_equal_readings_make_a_ballot_and_it_counts(papers) -> None:
    assert papers.enter(0) == vote_rules.PAPER_ENTERED
    assert papers.enter(0) == vote_rules.PAPER_ENTERED
    with pytest.raises(Conflict, match="another_person"):
        papers.second(0, who=FIRST)
    assert papers.second(0) == vote_rules.PAPER_AGREED
    assert papers.second(0) == vote_rules.PAPER_AGREED
    for place in range(1, 8):
        papers.world.cast(papers.vote_id, papers.owners[place], OPPOSE)
    papers.world.finish(papers.vote_id)
    found = papers.world.result(papers.vote_id)
    assert found["options"][AGREE] == {"heads": 1, "area": 8000}
    assert papers.trace(0) == ["enter", "agree"]
    with papers.world.unit() as uow:
        assert vote_checking.check(uow, vote_moves.get(uow, papers.vote_id)) == []


def test_where_two_read_differently_a_third_looks(papers) -> None:
    papers.enter(0, AGREE)
    assert papers.second(0, OPPOSE) == vote_rules.PAPER_DIFFERS
    assert papers.second(0, "abstain", THIRD) == vote_rules.PAPER_DIFFERS
    fourth = staff("周宁")
    assert papers.second(0, OPPOSE, fourth) == vote_rules.PAPER_AGREED
    assert papers.trace(0) == ["enter", "differ", "look_again", "settle"]
    papers.world.finish(papers.vote_id)
    assert papers.world.result(papers.vote_id)["options"][OPPOSE]["heads"] == 1


def test_the_first_of_paper_and_phone_counts_and_the_other_is_refused_with_a_trace(papers) -> None:
    world = papers.world
    papers.enter(0)
    with pytest.raises(Conflict, match="already_cast"):
        world.cast(papers.vote_id, papers.owners[0], OPPOSE)
    world.cast(papers.vote_id, papers.owners[1], OPPOSE)
    assert papers.enter(1) == vote_rules.PAPER_VOID
    assert papers.trace(1) == ["refuse"]
    assert papers.enter(0, sheet="B0") == vote_rules.PAPER_VOID
    papers.second(0)
    with pytest.raises(Conflict, match="already_cast"):
        world.cast(papers.vote_id, papers.owners[0], OPPOSE)


def test_the_count_waits_for_sheets_that_are_not_reconciled(papers) -> None:
    world = papers.world
    papers.enter(0)
    papers.enter(1)
    world.finish(papers.vote_id)
    assert world.vote(papers.vote_id).state == vote_rules.CLOSING
    with pytest.raises(Conflict, match="vote_closed"):
        papers.enter(2)
    papers.second(0)
    assert papers.void(1) == vote_rules.PAPER_VOID
    world.finish(papers.vote_id)
    world.services.clock.advance(ballot_pause())
    world.services.timers.fire_due(world.services)
    assert world.vote(papers.vote_id).state == vote_rules.PUBLISHED
    assert world.result(papers.vote_id)["taking_part"]["heads"] == 1
    with pytest.raises(Conflict, match="vote_closed"):
        papers.second(0, who=THIRD)


def ballot_pause():
    from backend.domains.deliberation.vote_counting import _PAPER_PAUSE

    return _PAPER_PAUSE


def test_a_voided_sheet_gives_the_seat_back(papers) -> None:
    papers.enter(0)
    with pytest.raises(Invalid):
        papers.void(0, " ")
    papers.void(0)
    with pytest.raises(Conflict):
        papers.void(0)
    assert papers.world.cast(papers.vote_id, papers.owners[0], AGREE).seq == 1


def test_what_does_not_fit_is_refused(papers, vote_world) -> None:
    papers.enter(0)
    refused = [
        (lambda: papers.enter(1, "nothing"), "bad_choice"),
        (lambda: papers.enter(1, sheet="A0"), "sheet_known"),
        (lambda: papers.enter(0, OPPOSE), "sheet_known"),
        (lambda: papers.second(9), "paper_unknown"),
        (lambda: papers.void(9), "paper_unknown"),
    ]
    for act, code in refused:
        with pytest.raises(DomainError, match=code):
            act()
    secret = vote_world.opened("matter", secrecy="secret")
    entry = vote_world.entry(secret, papers.owners[0])
    with pytest.raises(Conflict, match="no_paper_in_secret"), vote_world.unit(FIRST.actor) as uow:
        ballot_papers.enter(uow, FIRST, secret, Sheet("1", entry, [AGREE]))
    with pytest.raises(NotFound), vote_world.unit(FIRST.actor) as uow:
        ballot_papers.enter(uow, FIRST, papers.vote_id, Sheet("1", entry, [AGREE]))


def test_what_was_read_is_not_readable_before_the_end(papers) -> None:
    papers.enter(0, AGREE)
    papers.enter(1, AGREE)
    papers.second(0, OPPOSE)
    with papers.world.unit() as uow:
        rows = uow.session.scalars(select(BallotPaperEntry)).all()
        assert len({row.mark for row in rows}) == 3
        assert len({len(row.sealed) for row in rows}) == 1
        listed = ballot_papers.papers(uow, FIRST, papers.vote_id)
        assert [row.sheet for row, _ in listed] == ["A0", "A1"]
        assert ballot_papers.read_by(uow, listed[0][0].id, SECOND.actor.id)
        assert not ballot_papers.read_by(uow, listed[1][0].id, SECOND.actor.id)
