"""Words that staff changed hold for every message written from then on, without a query each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from notifications import templates
from notifications.control_model import MessageTemplate
from notifications.kinds import SERVICE, SMS, SUBSCRIBE, Kind, Value
from tests.engines.conftest import Bench, kind

STAFF = uuid4()
VALUES = (Value("name", "事项", "社保卡", "城乡居民基本养老保险"),)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    templates.forget()
    yield
    templates.forget()


def spoken(**changes: Any) -> Kind:
    return kind(values=VALUES, **changes)


def use(db: Database, clock: FixedClock, texts: dict[str, Any], key: str = "booked") -> int:
    """The texts as a version in use."""
    with db.transaction() as session:
        templates.hold(session, key)
        row = templates.draft(session, clock.now(), key, texts, note="", by=STAFF)
        templates.activate(session, clock.now(), row, STAFF)
        return row.version


def versions(db: Database) -> list[tuple[int, str]]:
    with db.transaction() as session:
        return [(row.version, row.state) for row in templates.listed(session, "booked")]


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "message_template" in statement:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_message_says_what_the_version_in_use_says(bench: Bench) -> None:
    number = use(bench.db, bench.clock, {
        "title": "来吧：{name}", "sms": "请来办{name}", "service": [["thing1", "办{name}"]],
    })  # fmt: skip
    row = bench.row(bench.tell(spoken()))
    assert row.payload["version"] == number == 1
    assert (row.title, row.payload["body"]) == ("来吧：社保卡", "正文")
    assert row.payload[SMS] == "请来办社保卡"
    assert row.payload[SERVICE] == {"thing1": "办社保卡"}
    assert row.payload[SUBSCRIBE] == {"thing1": "社保卡"}, "what was not changed stays"


def test_what_was_written_before_keeps_its_words(bench: Bench) -> None:
    before = bench.tell(spoken())
    use(bench.db, bench.clock, {"title": "来吧"})
    assert bench.row(before).title == "约好了"
    assert bench.row(before).payload["version"] == 0


def test_the_next_version_replaces_the_one_before_and_a_reset_ends_it(bench: Bench) -> None:
    use(bench.db, bench.clock, {"title": "一"})
    use(bench.db, bench.clock, {"title": "二"})
    assert versions(bench.db) == [(2, "active"), (1, "retired")]
    assert bench.row(bench.tell(spoken())).title == "二"
    with bench.db.transaction() as session:
        templates.retire(session, templates.hold(session, "booked")[0], "reset")
    assert bench.row(bench.tell(spoken(), key="again")).title == "约好了"


def test_a_new_draft_takes_the_place_of_the_draft_before(bench: Bench) -> None:
    for title in ("一", "二"):
        with bench.db.transaction() as session:
            templates.hold(session, "booked")
            templates.draft(
                session, bench.clock.now(), "booked", {"title": title}, note="", by=STAFF
            )
    assert versions(bench.db) == [(2, "draft"), (1, "retired")]
    with bench.db.transaction() as session:
        assert templates.drafts(session) == {"booked"}
    assert bench.row(bench.tell(spoken())).title == "约好了", "a draft is said to nobody"


def test_a_retired_version_never_comes_back(bench: Bench) -> None:
    use(bench.db, bench.clock, {"title": "一"})
    use(bench.db, bench.clock, {"title": "二"})
    with bench.db.transaction() as session, pytest.raises(KeyError):
        templates.activate(session, bench.clock.now(), templates.hold(session, "booked")[1], STAFF)


def test_a_thousand_messages_read_the_versions_once(bench: Bench) -> None:
    use(bench.db, bench.clock, {"title": "来吧"})
    with statements(bench.db) as seen:
        for number in range(20):
            bench.tell(spoken(), key=str(number))
    assert len(seen) == 1


def test_after_a_few_seconds_another_process_says_the_new_words(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(templates.time, "monotonic", lambda: moment[0])
    bench.tell(spoken(), key="warm")
    monkeypatch.setattr(templates, "forget", lambda: None)  # as in a process that changed nothing
    use(bench.db, bench.clock, {"title": "来吧"})
    assert bench.row(bench.tell(spoken(), key="a")).title == "约好了"
    moment[0] += templates.FRESH
    assert bench.row(bench.tell(spoken(), key="b")).title == "来吧"


def test_words_that_are_not_committed_are_said_to_nobody_else(bench: Bench) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), bench.db.transaction() as session:
        templates.hold(session, "booked")
        row = templates.draft(
            session, bench.clock.now(), "booked", {"title": "来吧"}, note="", by=STAFF
        )
        templates.activate(session, bench.clock.now(), row, STAFF)
        assert templates.in_use(session).of(spoken())[0].title == "来吧"
        raise Undone
    assert bench.row(bench.tell(spoken())).title == "约好了"


def test_a_version_that_names_what_is_gone_is_passed_over(bench: Bench) -> None:
    use(bench.db, bench.clock, {"title": "{weather}"})
    row = bench.row(bench.tell(spoken()))
    assert (row.title, row.payload["version"]) == ("约好了", 0)


def test_a_message_that_lacks_a_value_falls_back_on_the_built_in_words(bench: Bench) -> None:
    more = (*VALUES, Value("hall", "大厅", "", "政务中心"))
    use(bench.db, bench.clock, {"title": "到{hall}"})
    row = bench.row(bench.tell(kind(values=more)))
    assert (row.title, row.payload["version"]) == ("约好了", 0)


def test_a_kind_that_never_fitted_its_values_still_fails_loudly(bench: Bench) -> None:
    with pytest.raises(KeyError):
        bench.tell(kind(title="{nobody_says_this}"))


def test_a_channel_taken_from_the_kind_is_not_tried_even_where_a_letter_asks_for_it(
    bench: Bench,
) -> None:
    use(bench.db, bench.clock, {"ladder": [SERVICE]})
    assert bench.row(bench.tell(spoken())).ladder == [SERVICE]
    assert bench.row(bench.tell(spoken(), key="b", ladder=(SMS,))).ladder == []
    assert bench.row(bench.tell(spoken(), key="c", ladder=(SERVICE, SMS))).ladder == [SERVICE]


def test_only_one_version_of_a_kind_is_ever_in_use(bench: Bench) -> None:
    use(bench.db, bench.clock, {"title": "一"})
    with pytest.raises(Exception, match="ix_message_template_active"), \
            bench.db.transaction() as session:  # fmt: skip
        session.add(MessageTemplate(
            kind="booked", version=9, state="active", texts={}, note="", created_by=STAFF,
            created_at=bench.clock.now() + timedelta(seconds=1),
        ))  # fmt: skip
        session.flush()
