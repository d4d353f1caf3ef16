"""The use cases of votes: preparing, opening, casting, ending, stopping, looking it over."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from backend.domains.deliberation import (
    vote_annulling,
    vote_counting,
    vote_documents,
    vote_log,
    vote_moves,
    vote_preparing,
    vote_rules,
    vote_staff_view,
    vote_view,
    votes,
)
from backend.domains.deliberation.kind_rules import ABSTAIN, AGREE, MULTIPLE, OPPOSE
from backend.domains.deliberation.vote_commands import votes_group
from backend.kernel.access import Actor, Principal
from backend.kernel.clock import local
from backend.kernel.errors import DomainError, NotFound
from backend.kernel.trace import Subject, entries
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import World, plans


@pytest.fixture
def world(vote_world) -> World:
    vote_world.owners(12)
    return vote_world


def refused(code: str):
    return pytest.raises(DomainError, match=code)


def parties(world: World) -> list:
    return list(world.register.parties.values())


class TestPreparing:
    def test_takes_question_and_rule_from_topic_and_preset(self, world) -> None:
        vote = world.vote(world.prepared())
        assert [one["code"] for one in vote.options] == [AGREE, OPPOSE, ABSTAIN]
        assert vote.rule["quorum"]["heads"] == [">=", "2/3", "entitled"]
        assert (vote.changeable, vote.proxies, vote.days) == (True, 3, 15)

    def test_refuses_what_the_rule_does_not_allow(self, world) -> None:
        with refused("bad_question"):
            world.prepared(draft=plans(MULTIPLE))
        with refused("bad_question"):
            world.prepared(secrecy="secret")
        with refused("no_silence"):
            world.prepared("matter", silence_with_majority=True)
        topic = world.topics.add("matter", 2, plans())
        world.topics.known[topic] = replace(world.topics.known[topic], draft=None)
        with world.unit(world.staff.actor) as uow:
            with refused("no_draft"):
                votes.prepare(uow, world.staff, topic)
            with refused("topic_unknown"):
                votes.prepare(uow, world.staff, uuid4())

    def test_is_edited_by_who_has_seen_it_last_and_cancelled_with_a_reason(self, world) -> None:
        vote_id = world.prepared()
        with world.unit(world.staff.actor) as uow:
            with refused("bad_days"):
                votes.edit(uow, world.staff, vote_id, 3, 1)
            assert votes.edit(uow, world.staff, vote_id, 20, 1).days == 20
            with refused("stale"):
                votes.edit(uow, world.staff, vote_id, 20, 1)
            assert votes.cancel(uow, world.staff, vote_id, "重来").state == vote_rules.CANCELLED
            with refused("vote_is_open"):
                votes.edit(uow, world.staff, vote_id, 20, 3)
            with refused("vote_unknown"):
                vote_view.page(uow, vote_id, None)

    def test_only_one_lives_on_a_topic(self, world) -> None:
        vote_id = world.prepared()
        topic = world.vote(vote_id).topic_id
        with world.unit(world.staff.actor) as uow, refused("changed_meanwhile"):
            votes.prepare(uow, world.staff, topic)

    def test_is_nothing_to_who_does_not_reach_the_community(self, world) -> None:
        vote_id = world.prepared()
        nobody = Principal(Actor("staff", uuid4()))
        with world.unit() as uow:
            with pytest.raises(NotFound):
                vote_preparing.own(uow, nobody, vote_id, vote_preparing.MANAGE)
            with pytest.raises(NotFound):
                vote_staff_view.detail(uow, nobody, uuid4())


class TestOpening:
    def test_freezes_tells_and_sets_the_end(self, world) -> None:
        vote_id = world.opened()
        vote = world.vote(vote_id)
        assert vote.closes_at - vote.opened_at == timedelta(days=15, hours=10)
        opened = [one for one in world.heard if isinstance(one, votes.VoteOpened)]
        assert len(opened[0].person_ids) == 12
        assert world.topics.told == [("opening", vote.topic_id)]

    def test_refuses_a_roll_that_is_not_whole(self, world) -> None:
        vote_id = world.prepared()
        world.register.unknown = ["1-1"]
        with world.unit(world.staff.actor) as uow, refused("rooms_without_owner"):
            votes.open_vote(uow, world.staff, vote_id)
        world.register.unknown = []
        world.register.parties.clear()
        with world.unit(world.staff.actor) as uow, refused("bad_roll"):
            votes.open_vote(uow, world.staff, vote_id)

    def test_refuses_secrecy_among_too_few(self, vote_world) -> None:
        vote_world.owners(9)
        vote_id = vote_world.prepared("matter", secrecy="secret")
        with vote_world.unit(vote_world.staff.actor) as uow, refused("too_few_for_secrecy"):
            votes.open_vote(uow, vote_world.staff, vote_id)

    def test_happens_once_and_by_who_has_seen_it_last(self, world) -> None:
        vote_id = world.prepared()
        with world.unit(world.staff.actor) as uow, refused("stale"):
            votes.open_vote(uow, world.staff, vote_id, 7)
        with world.unit(world.staff.actor) as uow:
            votes.open_vote(uow, world.staff, vote_id, 1)
        with world.unit(world.staff.actor) as uow, refused("wrong_state"):
            votes.open_vote(uow, world.staff, vote_id)

    def test_a_draft_that_was_published_anew_is_never_voted_on_in_its_old_words(
        self, world
    ) -> None:
        vote_id = world.prepared()
        topic = world.vote(vote_id).topic_id
        known = world.topics.known[topic]
        world.topics.known[topic] = replace(
            known, draft=replace(known.draft, title="要不要换两部电梯")
        )
        with world.unit(world.staff.actor) as uow:
            with refused("draft_changed"):
                votes.open_vote(uow, world.staff, vote_id)
            votes.edit(uow, world.staff, vote_id, None, 1)
            assert votes.open_vote(uow, world.staff, vote_id).title == "要不要换两部电梯"

    @pytest.mark.parametrize(("hour", "more"), [(10, 8), (18, 0), (20, 22)])
    def test_lasts_as_many_full_days_as_its_rule_asks_for(self, world, hour, more) -> None:
        clock = world.services.clock
        clock.set(local(clock.now()).replace(hour=hour, minute=0, second=0, microsecond=0))
        vote = world.vote(world.opened())
        assert vote.closes_at - vote.opened_at == timedelta(days=15, hours=more)


class TestCasting:
    def test_before_and_after_and_with_a_wrong_answer_is_refused(self, world) -> None:
        party = parties(world)[0]
        vote_id = world.prepared()
        with refused("vote_not_open"):
            world.cast(vote_id, party, entry=uuid4())
        with world.unit(world.staff.actor) as uow:
            votes.open_vote(uow, world.staff, vote_id)
        with refused("bad_choice"):
            world.cast(vote_id, party, "x")
        with refused("bad_nonce"):
            world.cast(vote_id, party, nonce="short")
        with refused("not_on_roll"):
            world.cast(vote_id, party, entry=uuid4())
        world.end(vote_id)
        with refused("vote_closed"):
            world.cast(vote_id, party)

    def test_the_same_try_again_is_the_same_ballot_and_another_choice_is_refused(
        self, world
    ) -> None:
        party = parties(world)[0]
        vote_id = world.opened()
        first = world.cast(vote_id, party, AGREE, nonce="a" * 32)
        again = world.cast(vote_id, party, AGREE, nonce="a" * 32)
        assert (again.receipt, again.repeated) == (first.receipt, True)
        with refused("nonce_reused"):
            world.cast(vote_id, party, OPPOSE, nonce="a" * 32)
        changed = world.cast(vote_id, party, OPPOSE)
        assert (changed.seq, changed.repeated) == (2, False)

    def test_after_a_sale_a_cast_ballot_stands_and_an_uncast_seat_goes_along(self, world) -> None:
        """最高法建筑物区分所有权解释: who buys takes over what is uncast, not what is cast."""
        sold, uncast = parties(world)[:2]
        vote_id = world.opened()
        world.cast(vote_id, sold)
        for party in (sold, uncast):
            entry = world.entry(vote_id, party)
            buyer = world.register.add(areas=())
            world.register.sell(party.rooms[0], buyer)
            with refused("not_on_roll"):
                world.cast(vote_id, party, entry=entry)
            if party is sold:
                with refused("already_cast"):
                    world.cast(vote_id, buyer, OPPOSE, entry=entry)
                continue
            assert world.cast(vote_id, buyer, OPPOSE, entry=entry).seq == 1
            with world.unit() as uow:
                story = entries(uow.session, Subject("roll_entry", entry))
                assert [one.action for one in story] == ["take_over"]

    def test_buyers_change_their_own_ballot_and_never_the_sellers_or_an_earlier_buyers(
        self, world
    ) -> None:
        seller = parties(world)[0]
        vote_id = world.opened()
        entry = world.entry(vote_id, seller)
        first, second = world.register.add(areas=()), world.register.add(areas=())
        room = seller.rooms[0]
        world.register.sell(room, first)
        assert world.cast(vote_id, first, AGREE, entry=entry).seq == 1
        with world.unit() as uow:
            (seat,) = vote_view.page(uow, vote_id, first.persons[0])["seats"]
            assert seat["cast"] and seat["can_cast"] and seat["taken_over"]
        assert world.cast(vote_id, first, OPPOSE, entry=entry).seq == 2
        world.register.sell(room, second)
        with refused("already_cast"):
            world.cast(vote_id, second, AGREE, entry=entry)
        with world.unit() as uow:
            (seat,) = vote_view.page(uow, vote_id, second.persons[0])["seats"]
            assert seat["cast"] and not seat["can_cast"]
        world.finish(vote_id)
        assert world.result(vote_id)["options"][OPPOSE]["heads"] == 1

    def test_a_buyers_proxy_votes_for_the_seat_that_went_along(self, world) -> None:
        seller = parties(world)[0]
        vote_id = world.opened()
        entry = world.entry(vote_id, seller)
        buyer, holder = world.register.add(areas=()), uuid4()
        world.register.sell(seller.rooms[0], buyer)
        world.register.proxies[holder] = {buyer.ref}
        assert world.cast(vote_id, seller, person=holder, entry=entry).seq == 1

    def test_the_page_shows_seats_and_never_a_choice(self, world) -> None:
        mine, other = parties(world)[:2]
        vote_id = world.opened()
        person = mine.persons[0]
        world.register.proxies[person] = {other.ref}
        world.cast(vote_id, mine)
        world.seal()
        with world.unit() as uow:
            page = vote_view.page(uow, vote_id, person)
            assert [(s["as"], s["cast"], s["can_cast"]) for s in page["seats"]] == [
                ("owner", True, True), ("proxy", False, True),
            ]  # fmt: skip
            assert page["turnout"] == {
                "heads": 1, "heads_of": 12, "area_centi": 8000, "area_centi_of": 96_000,
            }  # fmt: skip
            assert page["rule"]["quorum"][0].startswith("人数达到应参加的三分之二")
            receipts = vote_view.receipts(uow, vote_id, person)
            assert [one["sealed"] for one in receipts] == [True]
            topic = world.vote(vote_id).topic_id
            assert votes.summary(uow, topic, person)["cast"] == 1
            assert votes.summary(uow, uuid4(), person) is None


class TestTheEnd:
    def test_early_timers_change_nothing_and_steps_come_once(self, world) -> None:
        vote_id = world.opened()
        world.cast(vote_id, parties(world)[0])
        with world.unit() as uow:
            for step in (vote_counting.close, vote_counting.count, vote_counting.publish):
                step(uow, vote_id)
            assert vote_moves.get(uow, vote_id).state == vote_rules.OPEN
            assert vote_counting.papers_waiting(uow, vote_id) == 0
        world.finish(vote_id)
        assert world.vote(vote_id).state == vote_rules.PUBLISHED
        kinds = [type(one).__name__ for one in world.heard]
        assert kinds == ["VoteOpened", "VoteClosed", "VoteCounted", "VotePublished"]
        with world.unit() as uow:
            for step in (vote_counting.close, vote_counting.count, vote_counting.publish):
                step(uow, vote_id)
        assert len(world.heard) == 4

    def test_the_street_stops_a_running_vote_and_nothing_of_it_can_be_opened(self, world) -> None:
        vote_id = world.opened("matter", secrecy="secret")
        for party in parties(world):
            world.cast(vote_id, party)
        with world.unit(world.staff.actor) as uow:
            with refused("missing"):
                vote_annulling.stop(uow, world.staff, vote_id, " ")
            stopped = vote_annulling.stop(uow, world.staff, vote_id, "名册有误")
            assert stopped.private_sealed is None
            assert vote_log.log_of(uow, vote_id).pending_key is None
            with refused("changed_meanwhile"):
                vote_annulling.stop(uow, world.staff, vote_id, "再停一次")
        world.finish(vote_id)
        assert world.vote(vote_id).state == vote_rules.ANNULLED
        (void,) = [one for one in world.heard if isinstance(one, votes.VoteAnnulled)]
        assert len(void.person_ids) == 12
        with world.unit() as uow, refused("no_result_yet"):
            vote_view.result(uow, vote_id)

    def test_a_sustained_objection_makes_a_published_vote_void_but_leaves_it_to_be_read(
        self, world
    ) -> None:
        vote_id = world.opened()
        world.finish(vote_id)
        topic = world.vote(vote_id).topic_id
        with world.unit() as uow:
            vote_annulling.does_not_hold(uow, topic, 0, "异议成立")
            assert vote_view.result(uow, vote_id)["annulled"]

    def test_a_vote_whose_waiting_key_is_lost_is_stopped_and_can_be_held_again(self, world) -> None:
        vote_id = world.opened("matter", secrecy="secret")
        for party in parties(world):
            world.cast(vote_id, party)
        folder = Path(world.services.settings.data_dir) / "ballot-keys"
        with world.unit() as uow:
            (folder / f"{vote_log.log_of(uow, vote_id).pending_key}.key").unlink()
        world.finish(vote_id)
        assert world.vote(vote_id).state == vote_rules.CLOSING
        with world.unit(world.staff.actor) as uow:
            assert "stop" in vote_staff_view.detail(uow, world.staff, vote_id)["can"]
            vote_annulling.stop(uow, world.staff, vote_id, "密钥丢失，重新表决")
        world.services.clock.advance(timedelta(days=1))
        while world.services.timers.fire_due(world.services):
            pass
        assert world.vote(vote_id).state == vote_rules.ANNULLED
        assert world.topics.told[-1][0] == "annulled"
        assert CliRunner().invoke(
            votes_group, ["check"], obj=lambda: world.services
        ).exit_code == 0  # fmt: skip

    def test_no_certificate_is_made_of_what_was_made_void(self, world) -> None:
        vote_id = world.opened()
        for party in parties(world):
            world.cast(vote_id, party)
        world.finish(vote_id)
        topic = world.vote(vote_id).topic_id
        with world.unit() as uow:
            vote_annulling.does_not_hold(uow, topic, 0, "异议成立")
        with world.unit(world.staff.actor) as uow:
            for ask in (
                vote_documents.certificate, vote_staff_view.ballots, vote_staff_view.recount,
            ):  # fmt: skip
                with refused("vote_annulled"):
                    ask(uow, world.staff, vote_id)
        checked = CliRunner().invoke(votes_group, ["check"], obj=lambda: world.services)
        assert (checked.exit_code, "1 votes, 0 findings" in checked.output) == (0, True)
