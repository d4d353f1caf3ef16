"""What is looked over behind a vote: by auditors, on paper, by the command that checks."""

import pytest
from click.testing import CliRunner

from backend.domains.deliberation import (
    vote_documents,
    vote_log,
    vote_rules,
    vote_staff_view,
    vote_view,
)
from backend.domains.deliberation.kind_rules import AGREE
from backend.domains.deliberation.vote_commands import split_notes, votes_group
from backend.kernel.errors import DomainError
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import World


@pytest.fixture
def world(vote_world) -> World:
    vote_world.owners(12)
    return vote_world


def refused(code: str):
    return pytest.raises(DomainError, match=code)


def parties(world: World) -> list:
    return list(world.register.parties.values())


class TestLookingItOver:
    def test_auditors_see_rooms_and_choices_after_the_end_and_count_again(self, world) -> None:
        vote_id = world.opened()
        for party in parties(world)[:9]:
            world.cast(vote_id, party, AGREE)
        with world.unit(world.staff.actor) as uow:
            with refused("no_result_yet"):
                vote_staff_view.ballots(uow, world.staff, vote_id)
            with refused("no_result_yet"):
                vote_staff_view.recount(uow, world.staff, vote_id)
            assert len(vote_staff_view.roll(uow, world.staff, vote_id)) == 12
        world.finish(vote_id)
        with world.unit(world.staff.actor) as uow:
            rows = vote_staff_view.ballots(uow, world.staff, vote_id)
            assert {row["choice_text"] for row in rows} == {"同意"}
            assert len(rows) == 9
            assert vote_staff_view.recount(uow, world.staff, vote_id)["same"]
            assert "certificate" in vote_staff_view.detail(uow, world.staff, vote_id)["can"]

    def test_of_a_secret_vote_staff_see_neither_roll_nor_ballots(self, world) -> None:
        vote_id = world.opened("matter", secrecy="secret")
        with world.unit(world.staff.actor) as uow, refused("no_roll_shown"):
            vote_staff_view.roll(uow, world.staff, vote_id)
        world.finish(vote_id)
        with world.unit(world.staff.actor) as uow, refused("secret_vote"):
            vote_staff_view.ballots(uow, world.staff, vote_id)

    def test_a_passed_lift_is_handed_over_and_a_certificate_printed(self, world) -> None:
        world.topics.needs = [("本单元业主书面协议", True, "2026-11-20 <原件>")]
        vote_id = world.opened("lift")
        for party in parties(world)[:9]:
            world.cast(vote_id, party, AGREE)
        with world.unit(world.staff.actor) as uow, refused("no_result_yet"):
            vote_documents.certificate(uow, world.staff, vote_id)
        world.finish(vote_id)
        with world.unit(world.staff.actor) as uow:
            page = vote_documents.hand_over(uow, world.staff, vote_id).get_data(as_text=True)
            assert "书面协议" in page and "&lt;原件&gt;" in page and "960.00 平方米" in page
            page = vote_documents.certificate(uow, world.staff, vote_id).get_data(as_text=True)
            assert "表决结果证明" in page and "— huying-vote" in page

    def test_a_lift_is_not_handed_over_while_somebody_may_still_object(self, world) -> None:
        vote_id = world.opened("lift")
        for party in parties(world):
            world.cast(vote_id, party)
        world.finish(vote_id)
        world.topics.holds = False
        with world.unit(world.staff.actor) as uow, refused("not_settled"):
            vote_documents.hand_over(uow, world.staff, vote_id)

    def test_the_page_says_who_will_read_whose_choice(self, world) -> None:
        texts = []
        for kind, secrecy in (
            ("owners_ordinary", "open"), ("matter", "open"), ("matter", "secret"),
        ):  # fmt: skip
            vote_id = world.opened(kind, secrecy=secrecy)
            with world.unit() as uow:
                texts.append(vote_view.page(uow, vote_id, None)["secrecy_text"])
        assert texts == ["记名（按房号公布）", "记名（只公布编号，监票员能看到房号）", "不记名"]

    def test_what_did_not_pass_or_is_no_lift_is_not_handed_over(self, world) -> None:
        failed, other = world.opened("lift"), world.opened()
        for vote_id, code in ((failed, "not_passed"), (other, "no_lift")):
            if world.vote(vote_id).state == vote_rules.OPEN:
                world.finish(vote_id)
            with world.unit(world.staff.actor) as uow, refused(code):
                vote_documents.hand_over(uow, world.staff, vote_id)

    def test_the_command_finds_what_was_rewritten_behind_a_kept_checkpoint(
        self, world, tmp_path
    ) -> None:
        vote_id = world.opened()
        world.cast(vote_id, parties(world)[0])
        world.finish(vote_id)
        kept = tmp_path / "kept.txt"
        with world.unit() as uow:
            notes = [one.note for one in vote_log.checkpoints(uow, vote_id)]
        kept.write_text("\n".join(notes), encoding="utf-8")
        assert split_notes(kept.read_text(encoding="utf-8")) == notes

        def run(*arguments: str):
            return CliRunner().invoke(
                votes_group, ["check", *arguments], obj=lambda: world.services
            )

        assert run("--checkpoint", str(kept), "--vote", str(vote_id)).exit_code == 0
        assert run().exit_code == 0
        kept.write_text(notes[0].replace("opening 0", "opening 9"), encoding="utf-8")
        found = run("--checkpoint", str(kept))
        assert found.exit_code == 1
        assert "保存在外的检查点对不上" in found.output
