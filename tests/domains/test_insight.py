"""Hot issues: what many people say in different words is found, ranked, kept and shown in reach."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner

from backend.domains.dispatch.messages_source import recent_messages
from backend.domains.dispatch.model import Event
from backend.domains.insight import clustering, finding, ports
from backend.domains.insight.corpus import Text
from backend.domains.insight.model import HotIssueRun
from backend.domains.organisation import service as organisation
from backend.kernel.ids import new_id, stable_id
from tests.conftest import body

NORTH, SOUTH = stable_id("street", "north"), stable_id("street", "south")
BURST = [
    ("柳荫新苑小区自来水管爆了", "柳荫新苑小区三号楼前面的自来水管爆了，水漫到路上，没人来修。"),
    ("柳荫新苑门口水管爆裂", "我住柳荫新苑，今天早上门口的自来水管爆裂，家里停水，请尽快派人。"),
    ("柳荫新苑全小区停水", "柳荫新苑因为水管爆裂全部停水，老人做不了饭，什么时候能修好？"),
    ("请抢修柳荫新苑小区的水管", "柳荫新苑小区自来水管破裂半天了，积水很深，车子开不过去。"),
    ("柳荫新苑水管爆裂积水", "柳荫新苑楼下积水没过脚踝，听说是自来水管爆裂，请抢修。"),
]
MAHJONG = [
    ("百花里社区麻将馆深夜扰民", "百花里社区二楼麻将馆每天打到凌晨，吵得睡不着。"),
    ("百花里社区麻将馆太吵", "百花里社区的麻将馆深夜还在营业，洗牌声很大。"),
    ("百花里社区居民楼开麻将馆", "百花里社区居民楼里开麻将馆，深夜人来人往，影响休息。"),
]
ELSEWHERE = [("松涛苑麻将馆吵闹", "松涛苑一楼有人开棋牌室，下午人多嘴杂，烟味很重。")]
ALONE = [
    ("翠屏路路灯不亮", "翠屏路靠近小学这一段路灯坏了三盏，孩子放学看不清。"),
    ("建议延长图书馆开放时间", "区图书馆五点就关门，上班的人没法去，希望晚上也开放。"),
    ("银杏大道共享单车堆放", "银杏大道地铁口共享单车乱停，盲道全占了。"),
    ("咨询医保报销比例", "外地住院回来报销比例是多少，需要带什么材料？"),
    ("清风公园健身器材生锈", "清风公园里的单杠和扭腰器都锈了，怕划伤手。"),
    ("幸福街流浪狗追人", "幸福街晚上有三只流浪狗，追着骑车的人跑。"),
    ("学府路红绿灯时间太短", "学府路与朝阳路交叉口行人绿灯只有十秒，老人过不去。"),
]
ALL = [*BURST, *MAHJONG, *ELSEWHERE, *ALONE]


def message(title, text, at, *, street=NORTH, place="北社区", callers=1, kind="event", who=()):
    return ports.Message(new_id(), kind, title, text, at, place, street, callers, frozenset(who))


@pytest.fixture
def listed(services):
    """The only source of messages: a list that the test fills."""
    found: list[ports.Message] = []
    services.extensions["hot_issue_sources"] = [lambda uow, since, most: found]
    return found


@pytest.fixture
def district(listed, clock):
    now = clock.now()
    for turn, (title, text) in enumerate(ALL):
        burst = (title, text) in BURST
        street, place = (NORTH, "北社区") if burst else (SOUTH, "南社区")
        at = now - timedelta(hours=turn)
        listed.append(message(title, text, at, street=street, place=place))
    return listed


@pytest.fixture
def dispatcher(sign_in_staff):
    return sign_in_staff(("dispatcher", "district", None))


def titles(answer) -> list[str]:
    return [item["title"] for item in body(answer)["items"]]


def test_one_matter_in_many_words_is_one_cluster_and_another_place_is_another_matter() -> None:
    found = clustering.find([Text(title, text, day=0) for title, text in ALL])
    groups = [{ALL[place] for place in cluster.members} for cluster in found]
    assert groups[:2] == [set(BURST), set(MAHJONG)]
    assert all(len(group) == 1 for group in groups[2:])
    assert found[0].keywords[0] == "柳荫新苑"
    assert any("麻将馆" in word for word in found[1].keywords)


def test_every_message_is_in_exactly_one_cluster_and_the_same_each_time() -> None:
    texts = [Text(title, text, day=0) for title, text in ALL]
    found = clustering.find(texts)
    assert sorted(place for one in found for place in one.members) == list(range(len(ALL)))
    assert clustering.find(texts) == found


@pytest.mark.parametrize("words", ["", "，。！", "a", "停水"])
def test_messages_that_say_nothing_do_no_harm(words) -> None:
    assert clustering.find([]) == []
    assert len(clustering.find([Text(words, "", 0)])) == 1
    assert 1 <= len(clustering.find([Text(words, "", 0), Text("", "", 9)])) <= 2


def test_half_a_year_and_another_area_part_what_sounds_alike() -> None:
    def count(**other) -> int:
        texts = [Text(*ALL[0], day=0, areas=frozenset("甲")) for _ in range(2)]
        texts += [Text("路边水管漏水", "自来水管爆裂，积水很深，请抢修。", **other)]
        return len(clustering.find([*texts, *(Text(*one, day=0) for one in ALONE)]))

    assert count(day=400, areas=frozenset("乙")) >= count(day=0, areas=frozenset("甲"))


def test_who_called_twice_about_one_matter_is_one_caller_of_it(services, listed, clock) -> None:
    now = clock.now()
    for turn, words in enumerate(BURST[:4]):
        at = now - timedelta(hours=turn)
        listed.append(message(*words, at, callers=2, who={"wang", f"other{turn}"}))
    ((heat, _, members),) = finding.rank(listed, now)
    assert (heat.callers, len(members)) == (5, 4)
    assert finding.once(members)[listed[0].id] == 2, "the newest call is the one that counts"
    # Three times the same person is no hot issue.
    alone = [message(*words, now, who={"wang"}) for words in BURST[:4]]
    assert finding.rank(alone, now) == []


def test_the_day_is_found_once_until_somebody_asks_again(services, district, clock) -> None:
    assert finding.run_if_due(services)
    assert not finding.run_if_due(services)
    clock.advance(timedelta(days=1))
    assert finding.run_if_due(services)


def test_a_finding_ranks_by_heat_and_leaves_out_what_few_said(
    services, district, client, dispatcher
) -> None:
    finding.run_if_due(services)
    answer = client.get("/api/v1/staff/hot-issues", headers=dispatcher)
    day = body(answer)
    assert answer.status_code == 200
    assert [item["count"] for item in day["items"]] == [5, 3]
    burst = day["items"][0]
    assert burst["rank"] == 1
    assert burst["callers"] == 5
    assert burst["growth"] == 1
    assert burst["places"] == ["北社区"]
    assert burst["title"] in {title for title, _ in BURST}
    assert len(burst["event_ids"]) == len(burst["members"]) == 5
    assert burst["first_at"] < burst["last_at"]
    assert day["messages"] == len(ALL)
    assert day["waiting"] is False


def test_one_event_with_many_callers_is_hot_by_itself(services, listed, clock) -> None:
    listed.append(message(*BURST[0], clock.now(), callers=500))
    listed.append(message(*ALONE[0], clock.now(), callers=2))
    ranked = finding.rank(listed, clock.now())
    assert [heat.callers for heat, _, _ in ranked] == [500]


def test_who_watches_a_street_sees_that_streets_part(
    services, district, client, sign_in_staff
) -> None:
    finding.run_if_due(services)
    south = sign_in_staff(("street_leader", "street", SOUTH))
    assert [item["count"] for item in body(_hot(client, south))["items"]] == [3]
    nowhere = sign_in_staff(("street_leader", "street", uuid4()))
    assert titles(_hot(client, nowhere)) == []


def test_a_dispatcher_asks_for_a_new_finding(services, district, client, dispatcher) -> None:
    finding.run_if_due(services)
    services.clock.advance(timedelta(hours=1))
    district.append(message("柳荫新苑还在停水", "水管爆裂后还没修好。", services.clock.now()))
    asked = client.post("/api/v1/staff/hot-issues/runs", json={}, headers=dispatcher)
    assert asked.status_code == 202
    assert body(asked)["waiting"] is True
    assert finding.run_if_due(services)
    day = body(_hot(client, dispatcher))
    assert day["waiting"] is False
    assert day["items"][0]["count"] == 6


def test_asking_before_the_first_finding_is_answered_too(
    services, district, client, dispatcher
) -> None:
    assert body(client.post("/api/v1/staff/hot-issues/runs", headers=dispatcher))["waiting"]
    assert titles(_hot(client, dispatcher)) == []
    assert finding.run_if_due(services)
    assert len(titles(_hot(client, dispatcher))) == 2


def test_other_days_stay_as_they_were_found(
    services, district, client, sign_in_staff, clock
) -> None:
    finding.run_if_due(services)
    district.clear()
    clock.advance(timedelta(days=1))
    finding.run_if_due(services)
    dispatcher = sign_in_staff(("dispatcher", "district", None))
    assert titles(_hot(client, dispatcher)) == []
    assert len(titles(_hot(client, dispatcher, date="2026-11-23"))) == 2
    assert body(_hot(client, dispatcher, date="2020-01-01"))["made_at"] is None


def test_after_half_a_year_a_day_is_forgotten(services, district, clock) -> None:
    finding.run_if_due(services)
    clock.advance(timedelta(days=181))
    finding.run_if_due(services)
    with services.unit() as uow:
        assert uow.session.query(HotIssueRun).count() == 1


def test_two_workers_at_the_same_moment_leave_one_finding(services, district) -> None:
    now = services.clock.now()
    with services.unit() as uow:
        found = finding.rank(district, now)
        for _ in range(2):
            finding._write(uow, now.date(), now, len(district), found)
        assert uow.session.query(HotIssueRun).count() == 1
        assert uow.session.query(finding.HotIssue).count() == len(found)


def _hot(client, who, **query):
    return client.get("/api/v1/staff/hot-issues", headers=who, query_string=query)


def _event(at, **fields) -> Event:
    values = {
        "id": new_id(), "number": uuid4().hex[:20], "source": "resident", "category_code": "x",
        "urgency": "normal", "title": "水管爆了", "words": "门口水管爆了", "address": "",
        "state": "called", "level": "worker", "called_at": at,
    }  # fmt: skip
    return Event(**(values | fields))


def test_events_are_messages_unless_confidential_or_long_over(services, clock) -> None:
    now, old = clock.now(), clock.now() - timedelta(days=90)
    somebody = uuid4()
    over = {"state": "closed", "lead_id": somebody, "disposer_id": somebody}
    with services.unit() as uow:
        organisation.put(uow.session, "street", [("north", "北街")])
        kept = [
            _event(old, street_id=NORTH, callers_count=7),
            _event(old, closed_at=now, **over),
            _event(now, state="transferred"),
        ]
        left = [
            _event(now, confidential=True),
            _event(old, closed_at=old, **over),
            _event(old, state="transferred"),
            _event(now, state="cancelled"),
        ]
        uow.session.add_all([*kept, *left])
        uow.session.flush()
        found = recent_messages(uow, now - timedelta(days=30), 10)
        assert {one.id for one in found} == {event.id for event in kept}
        mine = next(one for one in found if one.id == kept[0].id)
        assert (mine.kind, mine.place, mine.callers) == ("event", "北街", 7)
        assert len(recent_messages(uow, now - timedelta(days=30), 2)) == 2


def test_the_composed_application_reads_the_events(services) -> None:
    assert recent_messages in ports.sources(services)


def test_labels_score_the_clusters_and_nothing_else(tmp_path) -> None:
    from backend.cli import cli

    def run(rows):
        file = tmp_path / "messages.jsonl"
        file.write_text("\n".join(rows) + "\n\n", encoding="utf-8")
        arguments = ["evaluate", "hot-issues", "--messages", str(file)]
        return CliRunner().invoke(cli, arguments)

    def row(title, text, event=None, kind="event"):
        labels = {"event": event, "event_kind": kind if event else None}
        return {"title": f"A市B3区{title}", "text": text, "time": "2026/11/23 08:00:00", **labels}

    rows = [row(*one, "水管") for one in BURST] + [row(*one, "麻将") for one in MAHJONG]
    rows += [row(*one, "公园", "place") for one in ALONE] + [{"title": "无", "time": "?"}]
    answer = run([json.dumps(one) for one in rows])
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.output)
    assert figures.pop("seconds") < 60
    assert figures == {
        "precision": 1, "recall": 1, "f1": 1, "events": 2, "events_found": 2, "clusters": 10,
    }  # fmt: skip
    assert "not JSON" in run(["{"]).output
    assert "not an object" in run(["[]"]).output
    assert "no labelled" in run(['{"title": "a"}', '{"title": "b"}']).output
