"""Transfers: decided on paper, told, and leaving each room with one set of owners."""

from datetime import timedelta

import pytest

from backend.domains.community import (
    events,
    rules,
    service,
    transfers,
)
from backend.domains.community.electorate import OWNERS
from backend.domains.community.paper_model import OwnershipTransfer
from backend.domains.community.parties import Named
from backend.kernel import trace
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from tests.community_papers import ask, decide, heard, home_of, listening, sold
from tests.community_world import OTHER_AREA, named, worker


@pytest.fixture
def stage(services):
    return listening(services)


@pytest.mark.requirement("004.15")
def test_a_bought_home_goes_to_the_new_owner_and_the_old_owner_leaves(stage):
    wang, li = named("王甲"), named("李乙")
    before = stage.own("1-1-101", wang)
    seller = stage.settle(wang, "1-1-101")
    family = stage.settle(named("王小"), "1-1-101", rules.FAMILY)
    tenant = stage.settle(named("租客"), "1-1-101", rules.TENANT)
    buyer = sold(stage, li)
    with stage.unit() as uow:
        [seat] = [
            one for one in service.seats_of(uow, buyer, stage.community_id) if one.kind == OWNERS
        ]
        assert service.persons_of(uow, [seat.ref_id]) == {seat.ref_id: (buyer,)}
        assert service.seats_of(uow, seller, stage.community_id) == []
        # The frozen head of an open vote still knows its persons.
        assert service.persons_of(uow, [before]) == {before: (seller,)}
        [moved] = service.transferred(uow, stage.rooms["1-1-101"], uow.now - timedelta(days=1))
        assert (moved.from_party_id, moved.to_party_id) == (before, seat.ref_id)
        assert service.transferred(uow, stage.rooms["1-1-101"], uow.now) == []
        row = uow.session.get(OwnershipTransfer, moved.id)
        assert row.owners_sealed is None
    states = [home_of(stage, one).state for one in (seller, family, tenant, buyer)]
    assert states == [rules.MOVED, rules.MOVED, rules.CONFIRMED, rules.CONFIRMED]
    [told] = heard(stage, events.RoomTransferred)
    assert (told.from_party_id, told.label) == (before, "1-1-101")
    assert heard(stage, events.TransferDecided)[0].state == rules.CONFIRMED


def test_who_stays_a_co_owner_keeps_home_and_family(stage):
    wang, li = named("王甲"), named("李乙")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    child = stage.settle(named("王小"), "1-1-101", rules.FAMILY)
    decide(stage, ask(stage, owner, home_of(stage, owner).id, wang, li))
    assert home_of(stage, owner).state == home_of(stage, child).state == rules.CONFIRMED
    wife = stage.settle(li, "1-1-101")
    with stage.unit() as uow:
        seats = [
            {one.ref_id for one in service.seats_of(uow, who, stage.community_id)
             if one.kind == OWNERS}
            for who in (owner, wife)
        ]  # fmt: skip
    assert seats[0] == seats[1] and len(seats[0]) == 1


def test_a_transfer_needs_a_picture_an_owner_and_right_numbers(stage):
    wang = named("王甲")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    tenant = stage.settle(named("租客"), "1-1-101", rules.TENANT)
    home = home_of(stage, owner).id
    for files, said in (((), "files_needed"), ((new_id(),), "unknown_file")):
        wish = transfers.Wish((named(),), file_ids=files)
        with pytest.raises(Invalid, match=said), stage.unit(Actor("person", owner)) as uow:
            transfers.request(uow, owner, home, wish)
    for wrong in (
        Named(rules.PERSON, "李乙", "123"), Named(rules.COMPANY, "某公司", "123"),
        Named(rules.PERSON, " ", named().number), Named(rules.PERSON, "李", named().number, "12a"),
        Named(rules.PERSON, "李乙", named().number, "123"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match="bad_owner"):
            ask(stage, owner, home, wrong)
    with pytest.raises(Invalid, match="owners_needed"):
        ask(stage, owner, home)
    with pytest.raises(Conflict, match="not_owner"):
        ask(stage, tenant, home_of(stage, tenant).id, named())
    with pytest.raises(NotFound):
        ask(stage, tenant, home, named())
    same = ask(stage, owner, home, wang)
    with pytest.raises(Conflict, match="same_owners"):
        decide(stage, same)
    with pytest.raises(Conflict, match="transfer_waiting"):
        ask(stage, owner, home, named())


def test_a_transfer_is_refused_with_a_reason_or_taken_back_and_forgets_the_named(stage):
    wang = named("王甲")
    stage.own("1-1-101", wang)
    owner = stage.settle(wang, "1-1-101")
    home = home_of(stage, owner).id
    first = ask(stage, owner, home, named())
    with pytest.raises(Invalid, match="reason_needed"):
        decide(stage, first, reason="")
    with pytest.raises(NotFound):
        decide(stage, first, worker(scope=OTHER_AREA))
    decide(stage, first, reason="照片看不清")
    second = ask(stage, owner, home, named())
    with stage.unit(Actor("person", owner)) as uow:
        transfers.withdraw(uow, owner, second)
    with pytest.raises(Conflict, match="wrong_state"):
        decide(stage, second)
    with stage.unit() as uow:
        rows = [uow.session.get(OwnershipTransfer, one) for one in (first, second)]
        assert [row.state for row in rows] == [rules.REFUSED, rules.WITHDRAWN]
        assert all(row.owners_sealed is None for row in rows)
        said = [row.action for row in trace.entries(uow.session, Subject("transfer", first))]
    assert said == ["request", "refuse"]


def test_staff_take_down_a_transfer_to_a_company(stage):
    stage.own("1-1-101", named("王甲"))
    by = worker()
    firm = Named(rules.COMPANY, "岭川置业有限公司", "91440101MA5ABCDE12")
    with stage.unit(by.actor) as uow:
        made = transfers.record(uow, by, stage.rooms["1-1-101"], transfers.Wish((firm,))).id
        with pytest.raises(NotFound):
            transfers.record(
                uow, worker(scope=OTHER_AREA), stage.rooms["1-1-101"], transfers.Wish((firm,))
            )
    decide(stage, made)
    with stage.unit() as uow:
        scope = service.Scope(service.COMMUNITY, stage.community_id)
        [head] = service.electorate(uow, scope, OWNERS)
    assert head.person_ids == ()
