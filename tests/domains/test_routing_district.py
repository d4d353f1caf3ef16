"""A district's suggestions: from its categories' own words at first, then from what it closed."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from backend.cli import cli
from backend.domains.dispatch import categories
from backend.domains.dispatch.routing_source import EventExamples
from backend.domains.routing import live, ports, seeds, service, store, training, wiring
from backend.domains.routing.ports import Finished, Kind
from tests.dispatch_world import make_world

KINDS = [
    Kind("lamp", "路灯照明", "市政设施", "灯不亮", ("路灯", "灯杆"), "cgj"),
    Kind("pipe", "供水与水管爆裂", "水电气", "停水、漏水", ("水管", "停水"), "zjj"),
    Kind("noise", "噪音扰民", "噪音", "施工、广场舞", ("噪音", "太吵"), "sthj"),
]


@dataclass
class District:
    """A source whose closed events a test chooses."""

    listed: list[Kind] = field(default_factory=lambda: list(KINDS))
    events: list[Finished] = field(default_factory=list)

    def kinds(self, uow: object) -> list[Kind]:
        return self.listed

    def finished(self, uow: object, most: int) -> Iterator[Finished]:
        return iter(self.events[:most])


@pytest.fixture
def district(services):
    source = District()
    ports.register_source(services, source)
    services.extensions[live.EXTENSION] = live.LiveModels(services, look_every=0)
    return source


def closed(words, category, at=None, department=None):
    return Finished("", words, category, department, at or datetime(2026, 1, 5, tzinfo=UTC))


def first(services, words, target="category"):
    found = service.suggest(services, "", words, target)
    return found[0].code if found else None


def test_before_any_training_nothing_is_suggested(services, district):
    assert service.suggest(services, "", "路灯坏了") == []


def test_a_district_without_data_starts_from_its_categories_words(services, district):
    done = training.run(services, "category")
    assert (done.version, done.closed_events, done.classes) == (1, 0, 3)
    assert first(services, "我家门口的路灯黑了三天") == "lamp"
    assert first(services, "自来水管爆了，水漫到路上") == "pipe"
    training.run(services, "department")
    assert first(services, "半夜工地打桩太吵", "department") == "sthj"


def test_closed_events_teach_what_the_words_of_categories_do_not(services, district):
    training.run(services, "category")
    assert first(services, "嘎嘎响的铁柜子") != "lamp"
    district.events = [
        closed(f"{place}的铁柜子嘎嘎响", "lamp")
        for place in ("东街", "西街", "南街", "北街", "中街", "前巷", "后巷", "河边")
    ]
    done = training.run(services, "category")
    assert (done.version, done.closed_events) == (2, 8)
    # The process that asked before uses the newer model without a restart.
    assert first(services, "嘎嘎响的铁柜子") == "lamp"


def test_a_department_that_answered_counts_more_than_the_categorys_own(services, district):
    district.events = [
        closed(f"{place}灯箱掉漆剥落", "lamp", department="zjj")
        for place in ("东街", "西街", "南街", "北街", "中街", "前巷")
    ]
    training.run(services, "department")
    assert first(services, "灯箱掉漆剥落", "department") == "zjj"


def test_a_model_that_measures_worse_does_not_take_over(services, district, monkeypatch):
    training.run(services, "category")
    services.clock.advance(timedelta(days=1))
    now = services.clock.now()
    district.events = [
        closed(f"{n}号楼前路灯不亮", "lamp", now) for n in "一二三四五六七八九十"
    ] * 2
    district.events += [closed(f"{n}号楼停水", "pipe", now) for n in "一二三四五六七八九十"]
    learn = training.learn
    monkeypatch.setattr(training, "learn", lambda rows: _spoilt(*learn(rows)))
    kept = training.run(services, "category")
    assert kept.version is None
    assert kept.unseen_new == 0 < kept.unseen_old
    assert training.run(services, "category", anyway=True).version == 2
    monkeypatch.undo()
    assert training.run(services, "category").version == 3


def _spoilt(model, right):
    return model, right & False


def test_a_new_category_makes_the_worker_train_again_once(services, district):
    training.train_missing(services)
    training.train_missing(services)
    with services.unit() as uow:
        assert training.newest(uow, "category").version == 1
    district.listed = [*KINDS, Kind("dogs", "犬只", "安全", "遛狗", ("流浪狗", "大狗"), "ga")]
    training.train_missing(services)
    with services.unit() as uow:
        assert training.newest(uow, "category").version == 2
    assert first(services, "流浪狗追着孩子咬") == "dogs"


def test_the_worker_goes_on_while_a_model_is_trained(services, district, monkeypatch):
    going = threading.Event()
    monkeypatch.setattr(training, "train_missing", lambda services: going.wait(10))
    thread = wiring.in_background(services)
    assert wiring.in_background(services) is None
    going.set()
    thread.join(10)
    monkeypatch.setattr(training, "train_missing", lambda services: 1 / 0)
    wiring.in_background(services).join(10)
    again = wiring.in_background(services)
    assert again is not None
    again.join(10)


def test_bare_keywords_do_not_make_the_model_sure(services):
    rows = seeds.seed_rows(KINDS)
    assert any(row.spoken for row in rows)
    assert not [row for row in rows if row.text in ("路灯", "这里有水管") and row.spoken]


def test_one_category_is_too_little_to_learn_from(services, district):
    district.listed = KINDS[:1]
    with pytest.raises(training.NothingToLearn):
        training.run(services, "category")
    training.train_missing(services)
    with services.unit() as uow:
        assert training.newest(uow, "category") is None


def test_a_lost_or_changed_file_leaves_the_model_in_use(services, district):
    training.run(services, "category")
    assert first(services, "路灯坏了") == "lamp"
    training.run(services, "category", anyway=True)
    path = store.path_of(services.settings.data_dir, "category", 2)
    path.write_bytes(b"changed")
    assert first(services, "路灯坏了") == "lamp"
    services.extensions[live.EXTENSION] = live.LiveModels(services, look_every=0)
    assert service.suggest(services, "", "路灯坏了") == []


def test_between_two_looks_the_database_is_not_asked(services, district):
    models = live.LiveModels(services, look_every=3600)
    assert models.current("category") is None
    training.run(services, "category")
    assert models.current("category") is None


def test_sentences_go_to_the_category_that_is_called_so_or_nowhere():
    topic = seeds.Topic(("水管", "停水"), ("家里没有水",))
    assert seeds.category_about(topic, KINDS) == "pipe"
    assert seeds.category_about(seeds.Topic(("灯杆",), ()), KINDS) == "lamp"
    assert seeds.category_about(seeds.Topic(("电梯",), ()), KINDS) is None
    assert all(len(topic.sentences) >= 8 for topic in seeds.topics())


def test_a_title_that_repeats_the_words_is_not_counted_twice():
    assert training.joined("路灯不亮…", "路灯不亮，三天了") == "路灯不亮，三天了"
    assert training.joined("灯", "三天了") == "灯 三天了"
    assert training.joined("", "三天了") == "三天了"


def test_the_command_trains_both_targets_and_tells_what_came_of_it(services, district):
    def run(*words):
        return CliRunner().invoke(cli, ["train", "routing", *words], obj=lambda: services)

    answer = run()
    assert answer.exit_code == 0, answer.output
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [(one["target"], one["version"]) for one in told] == [("category", 1), ("department", 1)]
    district.listed = []
    answer = run("--target", "category")
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output


def test_closed_events_of_dispatch_are_examples_and_confidential_ones_are_not(services):
    world = make_world(services)
    world.closed(words="翠屏路的路灯不亮")
    world.closed(words="有人欺负我，请保密", confidential=True)
    world.call(words="还没有办完的路灯")
    source = EventExamples()
    with services.unit() as uow:
        events = list(source.finished(uow, 10))
        assert [(event.words, event.category_code) for event in events] == [
            ("翠屏路的路灯不亮", "light")
        ]
        kinds = {kind.code: kind for kind in source.kinds(uow)}
        assert set(kinds) == {"light", "pipe", "wall"}
        assert kinds["wall"].department_code == "zjj"
        assert kinds["light"].group == "市容"


def test_dispatch_fills_in_only_what_the_model_is_sure_of(services, district):
    make_world(services)
    with services.unit() as uow:
        district.listed = EventExamples().kinds(uow)
    training.run(services, "category")
    sure = dict(service.category_pairs(services, "路灯坏了，路灯不亮"))
    assert max(sure, key=sure.get) == "light"

    def pairs(words, share):
        services.extensions["suggest_category"] = lambda services, words: [("pipe", share)]
        with services.unit() as uow:
            return categories.suggested(uow, words).code

    assert pairs("说不清楚的事", 0.81) == "pipe"
    assert pairs("说不清楚的事", 0.79) == "other"
