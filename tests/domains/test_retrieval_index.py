"""The index on disk: made when missing, kept up to date, shared, and made anew when damaged."""

import json
import multiprocessing
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from backend.cli import cli
from backend.domains.retrieval import live, meanings, service, store, upkeep
from backend.domains.retrieval.ports import Document
from backend.domains.retrieval.service import Query, Scope

RESIDENT = Scope("public", date(2026, 11, 23))


@pytest.fixture
def services(live_services, tmp_path):
    live_services.settings = replace(live_services.settings, data_dir=tmp_path)
    live_services.extensions[live.EXTENSION] = live.LiveIndex(live_services)
    return live_services


def put(services, *titles: str) -> None:
    with services.unit() as uow:
        for title in titles:
            service.put(uow, Document("article", uuid4(), title, f"{title}的说明"))


def ask(services, text: str) -> list[str]:
    with services.db.transaction() as session:
        found = service.search(services, session, Query(text, RESIDENT))
    return [hit.title for hit in found.hits]


def other_process(services) -> live.LiveIndex:
    """What another process of the same machine would have."""
    return live.LiveIndex(services)


def files(services) -> list[Path]:
    place = Path(services.settings.data_dir) / "search"
    return [path for path in place.iterdir() if path.is_dir() and path.name != "meanings"]


def test_the_first_search_makes_the_index_and_later_changes_come_in(services):
    put(services, "居住证办理")
    assert ask(services, "居住证办理") == ["居住证办理"]
    put(services, "身份证补领")
    assert upkeep.keep_up(services) == 1
    assert ask(services, "身份证补领") == ["身份证补领"]
    assert upkeep.keep_up(services) == 0


def test_a_second_process_sees_what_the_first_has_written(services):
    put(services, "居住证办理")
    upkeep.keep_up(services)
    other = other_process(services)
    with services.db.transaction() as session:
        assert len(other.current(session)) == 1
    put(services, "身份证补领")
    upkeep.keep_up(services)
    other._looked = float("-inf")
    with services.db.transaction() as session:
        assert len(other.current(session)) == 2


def test_while_one_process_writes_another_does_not_wait(services):
    put(services, "居住证办理")
    with live.of(services)._alone() as alone:
        assert alone
        assert other_process(services).upkeep() == 0
        with pytest.raises(live.NotReady):
            other_process(services).rebuild()
    assert other_process(services).upkeep() == 1


def test_a_withdrawal_counts_before_any_process_has_indexed_it(services):
    ref = uuid4()
    with services.unit() as uow:
        service.put(uow, Document("article", ref, "公租房条件", "公租房"))
    upkeep.keep_up(services)
    held = live.of(services)
    held._looked = float("inf")
    with services.unit() as uow:
        service.remove(uow, "article", ref)
    assert ask(services, "公租房条件") == []


def test_changes_that_become_visible_late_are_not_missed(services):
    upkeep.keep_up(services)
    slow = services.db.session()
    store.put(slow, Document("article", uuid4(), "居住证办理", "说明"))
    put(services, "身份证补领")
    upkeep.keep_up(services)
    slow.commit()
    slow.close()
    assert upkeep.keep_up(services) == 1
    assert ask(services, "居住证办理") == ["居住证办理"]


@pytest.mark.parametrize("damage", ["pointer", "meta", "gone", "segments"])
def test_a_damaged_index_is_made_anew(services, damage):
    put(services, "居住证办理")
    upkeep.keep_up(services)
    (place,) = files(services)
    if damage == "pointer":
        (place.parent / "current").write_text("nothing")
    elif damage == "meta":
        (place / "meta.json").write_text("{")
    elif damage == "gone":
        for path in place.iterdir():
            path.unlink()
        place.rmdir()
    else:
        for path in place.glob("*.store"):
            path.write_bytes(b"")
    fresh = other_process(services)
    services.extensions[live.EXTENSION] = fresh
    assert fresh.upkeep() == 1
    assert ask(services, "居住证办理") == ["居住证办理"]


def test_damage_met_by_a_search_is_told_and_repaired(services, monkeypatch):
    put(services, "居住证办理")
    upkeep.keep_up(services)
    index = live.of(services)._index

    def broken(*_):
        raise ValueError("damaged")

    with monkeypatch.context() as patch:
        patch.setattr(type(index), "find", broken)
        with pytest.raises(live.NotReady):
            ask(services, "居住证办理")
    assert ask(services, "居住证办理") == ["居住证办理"]


def test_an_index_of_another_database_is_not_used(services):
    put(services, "居住证办理")
    upkeep.keep_up(services)
    index = live.of(services)._index
    index.write((), (), store.Horizon(10**15, "elsewhere"))
    assert upkeep.keep_up(services) == 1


def test_numbers_of_a_restored_dump_do_not_stay_in_the_future(services):
    put(services, "居住证办理")
    with services.db.transaction() as session:
        session.execute(store.update(store.SearchDocument).values(written_in=10**12))
    live.of(services).rebuild()
    with services.db.transaction() as session:
        assert store.changed(session, store.horizon(session)) == {}


def test_vectors_are_shared_through_files(services):
    put(services, "居住证办理")
    with services.db.transaction() as session:
        place = store.without_vector(session, 5)[0]
        vector = meanings.np.ones(384, meanings.np.float16).tobytes()
        store.set_vector(session, place[:2], place[3], vector)
    assert upkeep.keep_meanings(services) is True
    assert upkeep.keep_meanings(services) is False
    other = other_process(services)
    other._open_meanings()
    assert other._meanings.vectors.shape == (1, 384)
    (Path(services.settings.data_dir) / "search" / "meanings" / other._meanings_name).joinpath(
        "vectors.npy"
    ).write_bytes(b"")
    broken = other_process(services)
    broken._open_meanings()
    assert len(broken._meanings.revisions) == 0


def _in_child(url: str, data_dir: str, environ: dict[str, str], sender) -> None:
    from backend import config
    from backend.app import compose

    made = compose(config.load({**environ, "DATABASE_URL": url, "DATA_DIR": data_dir}))
    made.extensions[live.EXTENSION] = live.LiveIndex(made)
    sender.send([upkeep.keep_up(made), ask(made, "居住证办理")])
    made.db.dispose()


def test_two_real_processes_write_and_read_one_index(services, base_environ, live_db, tmp_path):
    put(services, "居住证办理")
    receiver, sender = multiprocessing.get_context("spawn").Pipe(duplex=False)
    child = multiprocessing.get_context("spawn").Process(
        target=_in_child, args=(live_db, str(tmp_path), base_environ, sender)
    )
    child.start()
    assert receiver.poll(180)
    assert receiver.recv() == [1, ["居住证办理"]]
    child.join(20)
    assert upkeep.keep_up(services) == 0
    assert ask(services, "居住证办理") == ["居住证办理"]


def test_the_command_makes_the_index_anew(services):
    put(services, "居住证办理")
    run = CliRunner().invoke(cli, ["search", "rebuild"], obj=lambda: services)
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["documents"] == 0 + len(ask(services, "居住证办理"))
