"""留痕: nobody changes what was written; what is changed behind our back is found."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.kernel import trace, trace_audit
from backend.kernel.access import Actor
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from backend.kernel.trace_audit import verify

CLERK = Actor("staff", new_id(), "周敏", "clerk")


def write(services, subject, *actions, actor=CLERK):
    for action in actions:
        with services.unit(actor) as uow:
            trace.record(uow, subject=subject, action=action, to_state=action, public_text="已记录")


def run(services, *statements, **values):
    """Do to the table what only its owner can: with the guard switched off."""
    with services.db.transaction() as session:
        session.execute(text("ALTER TABLE trace_entry DISABLE TRIGGER ALL"))
        for statement in statements:
            assert session.execute(text(statement), values).rowcount != 0
        session.execute(text("ALTER TABLE trace_entry ENABLE TRIGGER ALL"))


def found(services, kept=None):
    with services.db.transaction() as session:
        return {finding.what for finding in verify(session, kept)}


@pytest.fixture
def story(services, clock):
    """Three matters with three entries each, closed by a checkpoint kept elsewhere."""
    subjects = [Subject("case", new_id()) for _ in range(3)]
    for subject in subjects:
        write(services, subject, "accept", "review", "finish")
        clock.advance(timedelta(seconds=1))
    clock.advance(timedelta(minutes=6))
    with services.unit() as uow:
        point = trace_audit.checkpoint(uow)
    kept = {point.horizon: point.digest}
    assert found(services, kept) == set()
    return subjects, kept


@pytest.mark.parametrize(
    "statement",
    ["UPDATE trace_entry SET reason = 'x'", "DELETE FROM trace_entry", "TRUNCATE trace_entry",
     "UPDATE trace_entry SET reason = reason WHERE false"],
)  # fmt: skip
def test_the_database_refuses_to_change_an_entry(services, statement: str) -> None:
    write(services, Subject("case", new_id()), "accept")
    with (
        pytest.raises(DBAPIError, match="append-only"),
        services.db.transaction() as session,
    ):
        session.execute(text(statement))


def test_entries_are_numbered_and_chained(services, uow) -> None:
    subject = Subject("case", new_id())
    write(services, subject, "accept", "review", "finish")
    first, second, third = trace.entries(uow.session, subject)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert (first.previous_hash, second.previous_hash) == (b"", first.hash)
    assert third.previous_hash == second.hash
    assert (first.actor_name, first.actor_role, first.actor_id) == ("周敏", "clerk", CLERK.id)


def test_a_residents_name_is_not_kept(services, uow) -> None:
    subject = Subject("case", new_id())
    write(services, subject, "book", actor=Actor("person", new_id(), "王秀兰"))
    (entry,) = trace.entries(uow.session, subject)
    assert entry.actor_name == ""


def test_an_entry_and_its_change_are_one_transaction(services, uow) -> None:
    subject = Subject("case", new_id())
    with pytest.raises(RuntimeError), services.unit() as unit:
        trace.record(unit, subject=subject, action="accept")
        raise RuntimeError
    assert trace.entries(uow.session, subject) == []


def test_two_who_act_on_one_matter_at_once_do_not_both_succeed(live_services, monkeypatch) -> None:
    subject = Subject("case", new_id())
    write(live_services, subject, "accept")
    both_in = threading.Barrier(2, timeout=20)
    results, really = [], trace.entry_hash

    def when_both_have_read(entry):
        both_in.wait()
        return really(entry)

    monkeypatch.setattr(trace, "entry_hash", when_both_have_read)

    def act():
        try:
            with live_services.unit(CLERK) as uow:
                trace.record(uow, subject=subject, action="finish")
            results.append("done")
        except Conflict as error:
            results.append(error.code)

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["acted_at_once", "done"]
    with live_services.db.transaction() as session:
        assert [entry.seq for entry in trace.entries(session, subject)] == [1, 2]
        assert verify(session) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("public_text", "'另一句'"), ("internal_text", "'x'"), ("reason", "'x'"), ("action", "'x'"),
     ("to_state", "'x'"), ("from_state", "'x'"), ("actor_name", "'另一人'"), ("actor_id", "NULL"),
     ("actor_role", "'x'"), ("actor_kind", "'system'"), ("at", "at - interval '1 second'")],
)  # fmt: skip
def test_an_edited_entry_is_found(services, story, column: str, value: str) -> None:
    (first, *_), kept = story
    run(services, f"UPDATE trace_entry SET {column} = {value} WHERE subject_id = :id AND seq = 2",
        id=first.id)  # fmt: skip
    assert "entry altered" in found(services, kept)


def rehash(services, subject):
    """A forger who knows the algorithm makes the chain whole again."""
    with services.db.transaction() as session:
        session.execute(text("ALTER TABLE trace_entry DISABLE TRIGGER ALL"))
        previous = b""
        for seq, entry in enumerate(trace.entries(session, subject), start=1):
            entry.seq, entry.previous_hash = seq, previous
            entry.hash = previous = trace.entry_hash(entry)
        session.flush()
        session.execute(text("ALTER TABLE trace_entry ENABLE TRIGGER ALL"))


def test_an_edit_with_a_recomputed_chain_is_found_by_the_checkpoint(services, story) -> None:
    (first, *_), kept = story
    run(services, "UPDATE trace_entry SET reason = 'x' WHERE subject_id = :id AND seq = 1",
        id=first.id)  # fmt: skip
    rehash(services, first)
    assert found(services, kept) == {"period altered"}


def test_an_entry_deleted_from_the_middle_is_found(services, story) -> None:
    (first, *_), _ = story
    run(services, "DELETE FROM trace_entry WHERE subject_id = :id AND seq = 2", id=first.id)
    assert found(services) >= {"chain broken", "period altered"}


def test_a_whole_story_deleted_is_found(services, story) -> None:
    (_, second, _), _ = story
    run(services, "DELETE FROM trace_entry WHERE subject_id = :id", id=second.id)
    assert found(services) == {"period altered"}


def test_entries_in_another_order_are_found(services, story) -> None:
    (first, *_), _ = story
    run(services,
        "UPDATE trace_entry SET seq = seq + 100 WHERE subject_id = :id AND seq IN (1, 2)",
        "UPDATE trace_entry SET seq = 103 - seq WHERE subject_id = :id AND seq > 100",
        id=first.id)  # fmt: skip
    assert "chain broken" in found(services)


def test_two_matters_swapped_in_time_are_found(services, story) -> None:
    (first, *_), _ = story
    with services.db.transaction() as session:
        session.execute(text("ALTER TABLE trace_entry DISABLE TRIGGER ALL"))
        session.execute(
            text("UPDATE trace_entry SET id = DEFAULT WHERE subject_id = :a"), {"a": first.id}
        )
        session.execute(text("ALTER TABLE trace_entry ENABLE TRIGGER ALL"))
    assert found(services) == {"period altered"}


def test_a_tail_cut_off_is_found(services, story) -> None:
    (first, *_), _ = story
    run(services, "DELETE FROM trace_entry WHERE subject_id = :id AND seq = 3", id=first.id)
    assert found(services) == {"period altered"}


def test_a_tail_cut_off_together_with_its_checkpoint_is_found_by_the_kept_one(
    services, story
) -> None:
    (*_, last), kept = story
    run(services, "DELETE FROM trace_entry WHERE subject_id = :id", "DELETE FROM trace_checkpoint",
        id=last.id)  # fmt: skip
    assert found(services) == set()
    assert found(services, kept) == {"checkpoint missing or altered"}


def test_a_checkpoint_made_anew_over_a_forged_story_differs_from_the_kept_one(
    services, story
) -> None:
    (*_, last), kept = story
    run(services, "DELETE FROM trace_entry WHERE subject_id = :id", "DELETE FROM trace_checkpoint",
        id=last.id)  # fmt: skip
    with services.unit() as uow:
        assert trace_audit.checkpoint(uow) is not None
    assert found(services) == set()
    assert found(services, kept) == {"checkpoint missing or altered"}


def test_an_entry_slipped_into_a_closed_period_is_found(services, story, clock) -> None:
    _, kept = story
    now = clock.now()
    clock.set(next(iter(kept)) - timedelta(seconds=1))
    write(services, Subject("case", new_id()), "accept")
    clock.set(now)
    assert found(services) == {"period altered"}


def test_later_periods_follow_on_earlier_ones(services, story, clock) -> None:
    subjects, kept = story
    write(services, subjects[0], "reopen")
    with services.unit() as uow:
        assert trace_audit.checkpoint(uow) is None  # five minutes have not passed
    clock.advance(timedelta(minutes=6))
    with services.unit() as uow:
        point = trace_audit.checkpoint(uow)
        assert point.entries == 1
    kept[point.horizon] = point.digest
    with services.unit() as uow:
        assert trace_audit.checkpoint(uow) is None
    assert found(services, kept) == set()
    run(services, "DELETE FROM trace_entry WHERE subject_id = :id", id=subjects[1].id)
    assert found(services, kept) == {"period altered"}


def test_verification_reads_the_database_not_what_the_session_remembers(services, story) -> None:
    (first, *_), _ = story
    with services.db.transaction() as session:
        held = trace.entries(session, first)
        session.execute(text("ALTER TABLE trace_entry DISABLE TRIGGER ALL"))
        session.execute(text("UPDATE trace_entry SET reason = 'x'"))
        session.execute(text("ALTER TABLE trace_entry ENABLE TRIGGER ALL"))
        assert "entry altered" in {finding.what for finding in verify(session)}
        assert held
