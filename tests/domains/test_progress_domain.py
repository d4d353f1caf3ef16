"""Progress: one page for every kind of matter, and a door that tells strangers nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.domains.progress import service
from backend.kernel import receipts, trace
from backend.kernel.access import Actor
from backend.kernel.errors import Invalid, NotFound, RateLimited, Unavailable
from backend.kernel.trace import Subject
from backend.kernel.uow import UnitOfWork

PERSON = uuid4()


def words(uow, ids):
    return {
        id_: {
            "kind_text": "试件",
            "state_text": "办理中",
            "next_text": "等着",
            "open": id_.int % 2 == 0,
        }
        for id_ in ids
    }


@pytest.fixture
def told(services):
    """Presenters for two kinds of matters."""
    for kind in ("case", "event"):
        service.register_presenter(services, kind, words)
    return services


def matter(services, kind="case", person=PERSON, odd=False) -> receipts.Receipt:
    with services.unit(Actor("person", PERSON)) as uow:
        id_ = uuid4()
        while (id_.int % 2 == 1) != odd:
            id_ = uuid4()
        subject = Subject(kind, id_)
        receipt = receipts.issue(uow, kind=kind, subject=subject, person_id=person, title="试件")
        trace.record(uow, subject=subject, action="send", to_state="sent", public_text="收到了")
        trace.record(uow, subject=subject, action="note", internal_text="内部", to_state="sent")
        return receipt


@pytest.mark.requirement("card.03")
def test_matters_of_every_kind_newest_first_with_their_state(told, clock):
    first = matter(told, "case")
    clock.advance(timedelta(minutes=1))
    second = matter(told, "event", odd=True)
    matter(told, person=uuid4())
    with told.unit() as uow:
        rows, following = service.list_mine(uow, PERSON, open_=None, limit=20, after=None)
        assert [row["receipt_number"] for row in rows] == [second.number, first.number]
        assert following is None
        assert rows[0]["updated_at"] == uow.now
        only, _ = service.list_mine(uow, PERSON, open_=True, limit=20, after=None)
        assert [row["receipt_number"] for row in only] == [first.number]


def test_pages_follow_one_another(told, clock, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    numbers = []
    for _ in range(5):
        numbers.insert(0, matter(told).number)
        clock.advance(timedelta(seconds=1))
    with told.unit() as uow:
        seen, after = [], None
        while True:
            rows, after = service.list_mine(uow, PERSON, open_=None, limit=2, after=after)
            seen += [row["receipt_number"] for row in rows]
            if after is None:
                break
        assert seen == numbers
        with pytest.raises(NotFound):
            service.list_mine(uow, PERSON, open_=None, limit=2, after="A000000-000000-0")


def test_the_timeline_shows_public_lines_only(told):
    receipt = matter(told)
    with told.unit() as uow:
        shown = service.show_mine(uow, PERSON, receipt.number.lower().replace("-", " "))
        assert [line["text"] for line in shown["timeline"]] == ["收到了"]
        assert shown["timeline"][0]["actor_text"] == "本人"
        with pytest.raises(NotFound):
            service.show_mine(uow, uuid4(), receipt.number)
        with pytest.raises(NotFound):
            service.show_mine(uow, PERSON, "nonsense")


@pytest.mark.requirement("card.03")
def test_number_and_code_show_the_public_part(told):
    receipt = matter(told)
    with told.unit() as uow:
        shown = service.look_up(uow, receipt.number, receipt.query_code, "10.0.0.1")
    assert shown["state_text"] == "办理中"
    assert "subject_id" not in shown


def test_wrong_code_wrong_number_and_no_number_say_the_same(told):
    receipt = matter(told)
    wrong = f"{(int(receipt.query_code) + 1) % 1_000_000:06d}"
    answers = []
    with told.unit() as uow:
        for number, code in (
            (receipt.number, wrong),
            ("C261123-000000-0", wrong),
            ("你好", ""),
            (receipt.number, "𠮷"),
        ):
            with pytest.raises(Invalid) as caught:
                service.look_up(uow, number, code, "10.0.0.1")
            answers.append((caught.value.code, caught.value.title, caught.value.detail))
    assert len(set(answers)) == 1


def test_guessing_a_code_is_cut_off(told):
    receipt = matter(told)
    with told.unit() as uow:
        for attempt in range(10):
            with pytest.raises(Invalid):
                service.look_up(uow, receipt.number, "000000x", f"10.0.0.{attempt}")
        with pytest.raises(RateLimited):
            service.look_up(uow, receipt.number, receipt.query_code, "10.0.1.1")


def test_one_address_is_cut_off(told):
    with told.unit() as uow:
        for _ in range(30):
            with pytest.raises(Invalid):
                service.look_up(uow, "x", "y", "10.0.0.9")
        with pytest.raises(RateLimited):
            service.look_up(uow, "x", "y", "10.0.0.9")


def test_without_a_count_nobody_is_let_in(told, monkeypatch):
    receipt = matter(told)

    def gone(rule, name, key):
        raise Unavailable

    monkeypatch.setattr(type(told.limiter), "hit", lambda self, *args: gone(*args))
    with told.unit() as uow:
        assert isinstance(uow, UnitOfWork)
        with pytest.raises(Unavailable):
            service.look_up(uow, receipt.number, receipt.query_code, "10.0.0.1")
