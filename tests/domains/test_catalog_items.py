"""Items in versions: drafts, publication, and what other domains learn."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.domains.catalog import reading, service, store
from backend.domains.catalog.events import ItemPublished
from backend.domains.catalog.model import ItemVersion
from backend.kernel import trace
from backend.kernel.errors import Conflict, Invalid, NotFound, Stale
from backend.kernel.ids import stable_id
from backend.kernel.uow import UnitOfWork
from tests.catalog_samples import departments, drafted, published, sample


def test_an_edit_makes_a_draft_and_the_live_version_stays(uow: UnitOfWork):
    live = published(uow)
    draft = service.save_draft(uow, live.item_id, sample(name="新名字"), service.etag(live))
    assert (draft.number, draft.state, live.state) == (2, "draft", "live")
    assert reading.guide(uow, live.item_id)["name"] == "社会保障卡挂失/补领"
    assert service.publish(uow, live.item_id).number == 2
    guide = reading.guide(uow, live.item_id)
    assert (guide["name"], guide["version"]) == ("新名字", 2)
    states = uow.session.scalars(select(ItemVersion.state).order_by(ItemVersion.number)).all()
    assert states == ["superseded", "live"]


def test_a_draft_is_not_visible_to_residents(uow: UnitOfWork):
    version = drafted(uow)
    with pytest.raises(NotFound):
        reading.guide(uow, version.item_id)
    with pytest.raises(NotFound):
        service.booking_info(uow, version.item_id)
    assert reading.departments(uow) == []
    assert reading.themes(uow) == []
    found = reading.search(uow, "社会保障卡", reading.Filters(), 20, None)
    assert found["items"] == []


def test_saving_needs_the_mark_of_what_was_read(uow: UnitOfWork):
    version = drafted(uow)
    first = service.etag(version)
    service.save_draft(uow, version.item_id, sample(summary="一"), f'"{first}"')
    with pytest.raises(Stale):
        service.save_draft(uow, version.item_id, sample(summary="二"), first)
    with pytest.raises(Stale):
        service.save_draft(uow, version.item_id, sample(summary="二"), None)
    assert store.content_of(service.newest(uow, version.item_id))["summary"] == "一"


def test_publication_lists_everything_that_is_wrong(uow: UnitOfWork):
    version = drafted(uow, visits_reason="", complaint_phone="0000-8801001")
    with pytest.raises(Invalid) as refused:
        service.publish(uow, version.item_id)
    assert refused.value.code == "item_not_publishable"
    assert set(refused.value.fields) == {"visits_reason", "complaint_phone"}
    assert store.live(uow.session, version.item_id) is None


def test_there_must_be_something_to_publish(uow: UnitOfWork):
    live = published(uow)
    with pytest.raises(Conflict):
        service.publish(uow, live.item_id)
    with pytest.raises(NotFound):
        service.publish(uow, uuid4())


def test_a_code_is_given_once(uow: UnitOfWork):
    drafted(uow)
    with pytest.raises(Conflict) as refused:
        drafted(uow)
    assert refused.value.code == "code_taken"


def test_each_publication_is_traced_and_told(uow: UnitOfWork):
    told: list[ItemPublished] = []
    uow.services.events.subscribe(ItemPublished, lambda _, event: told.append(event))
    live = published(uow)
    service.save_draft(uow, live.item_id, sample(summary="改"), service.etag(live))
    service.publish(uow, live.item_id)
    actions = [e.action for e in trace.entries(uow.session, service.subject(live.item_id))]
    assert actions == ["create", "publish", "open_draft", "publish"]
    assert [event.version for event in told] == [1, 2]


def test_the_revision_moves_only_when_residents_see_a_change(uow: UnitOfWork):
    version = drafted(uow)
    before = store.revision(uow.session)
    service.save_draft(uow, version.item_id, sample(summary="改"), service.etag(version))
    assert store.revision(uow.session) == before
    service.publish(uow, version.item_id)
    assert store.revision(uow.session) == before + 1


def test_the_schema_keeps_one_live_version_and_one_draft(uow: UnitOfWork):
    version = published(uow)
    for state in ("live", "draft"):
        with pytest.raises(IntegrityError), uow.session.begin_nested():
            for number in (8, 9):
                row = ItemVersion(item_id=version.item_id, number=number, state=state)
                row.created_at, row.published_at = uow.now, uow.now
                store.write(row, sample(), uow)
                uow.session.add(row)
            uow.session.flush()


def test_vectors_go_with_the_names_they_stand_for(uow: UnitOfWork):
    version = drafted(uow)
    version.vectors = b"x"
    store.write(version, sample(summary="只改说明"), uow)
    assert version.vectors == b"x"
    store.write(version, sample(aliases=["新说法"]), uow)
    assert version.vectors is None


def test_booking_learns_what_it_needs(uow: UnitOfWork):
    live = published(uow)
    info = service.booking_info(uow, live.item_id)
    assert info == service.BookingInfo(
        id=stable_id("item", "TEST-0001"),
        name="社会保障卡挂失/补领",
        group_code="shebao",
        bookable=True,
        material_names=["居民身份证"],
        hall_codes=("yuehe",),
    )


def test_items_are_listed_by_theme_department_and_street(uow: UnitOfWork):
    published(uow)
    published(uow, "TEST-0002", name="结婚登记", aliases=[], themes=["hunyin"], places=[], bookable=False,
              visits=0, visits_reason="", online_depth=7)  # fmt: skip
    everything = reading.Filters()

    def names(filters: reading.Filters, words: str = "") -> list[str]:
        return [card["name"] for card in reading.search(uow, words, filters, 20, None)["items"]]

    assert names(everything) == ["社会保障卡挂失/补领", "结婚登记"]
    assert names(reading.Filters(theme="hunyin")) == ["结婚登记"]
    assert names(reading.Filters(department="rsj")) == names(everything)
    assert names(reading.Filters(department="ga")) == []
    assert names(reading.Filters(street="yuehe")) == ["社会保障卡挂失/补领"]
    assert names(reading.Filters(life_event="nothing")) == []
    assert names(replace(everything, theme="hunyin"), "社保卡丢了") == []
    assert reading.themes(uow) == [
        {"code": "shebao", "name": "社会保障", "count": 1},
        {"code": "hunyin", "name": "婚姻登记", "count": 1},
    ]


def test_lists_and_searches_are_paged(uow: UnitOfWork):
    for number in range(5):
        published(uow, f"TEST-{number:04d}", name=f"结婚登记第{number}种", aliases=[])
    for words in ("", "结婚登记"):
        seen: list[str] = []
        cursor = None
        while True:
            page = reading.search(uow, words, reading.Filters(), 2, cursor)
            seen += [card["name"] for card in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert sorted(seen) == [f"结婚登记第{number}种" for number in range(5)]
    with pytest.raises(Invalid):
        reading.search(uow, "结婚登记", reading.Filters(), 2, "nonsense")


def test_departments_are_kept_once(uow: UnitOfWork):
    departments(uow, "rsj")
    departments(uow, "rsj")
    published(uow)
    assert [d["count"] for d in reading.departments(uow)] == [1]
