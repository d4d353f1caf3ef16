"""The public catalogue over HTTP."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from backend.demo import seed_catalog
from backend.domains.catalog import service
from backend.kernel.clock import FixedClock
from backend.kernel.database import Database
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from tests.catalog_samples import drafted, sample
from tests.conftest import body
from tests.district import TEN, District


@pytest.fixture(scope="module")
def shared_database(district: District) -> Iterator[Database]:
    """The demo up to its catalogue."""
    yield from district.opened(district.upto(seed_catalog))


@pytest.fixture
def clock() -> FixedClock:
    """When that was seeded."""
    return FixedClock(TEN)


@pytest.fixture
def demo(services: Services) -> Services:
    """The demo catalogue, searched without the model, fresh at every look."""
    services.extensions["catalog_index"].background = False
    services.extensions["embedder"] = lambda: None
    return services


CARD = stable_id("item", "11999901RSJ001")


def get(client: FlaskClient, path: str, status: int = 200) -> dict:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    return body(answer)


def test_a_lost_card_is_found_and_its_guide_read(client: FlaskClient, demo: Services):
    found = get(client, "/items?q=社保卡丢了")
    first = found["items"][0]
    assert first["name"] == "社会保障卡挂失/补领"
    assert found["note"] == ""
    guide = get(client, f"/items/{first['id']}")
    assert guide["promise_limit_text"] == "当场办结"
    assert guide["materials"][0]["legal_basis"]
    assert guide["materials"][0]["necessity_text"] == "必须带"
    assert guide["places"][0]["hall_id"] == str(stable_id("hall", "district"))
    assert guide["themes"][0] == {"code": "shebao", "name": "社会保障"}
    assert guide["consult_phone"] != guide["complaint_phone"]
    assert guide["published_at"].endswith("+08:00")


def test_the_guide_carries_its_flow_chart(client: FlaskClient, demo: Services):
    steps = get(client, f"/items/{CARD}")["steps"]
    keys = {step["key"] for step in steps}
    assert any(len(step["next"]) > 1 for step in steps)
    assert all(set(step["next"]) <= keys for step in steps)


@pytest.mark.requirement("000.35")
def test_life_events_lead_step_by_step(client: FlaskClient, demo: Services):
    events = get(client, "/life-events")["items"]
    assert len(events) == 11
    birth = get(client, f"/life-events/{events[0]['code']}")
    assert [step["order"] for step in birth["steps"]] == list(range(1, len(birth["steps"]) + 1))
    assert all(max(step["after"], default=0) < step["order"] for step in birth["steps"])
    assert birth["steps"][0]["item"]["department_name"]
    get(client, "/life-events/nothing", 404)


def test_items_by_theme_and_department(client: FlaskClient, demo: Services):
    for kind, key in (("themes", "theme"), ("departments", "department")):
        for row in get(client, f"/{kind}")["items"]:
            found = get(client, f"/items?{key}={row['code']}&limit=100")["items"]
            assert len(found) == row["count"] > 0


def test_typing_is_completed(client: FlaskClient, demo: Services):
    items = get(client, "/items/suggest?q=社保卡丢")["items"]
    assert items[0] == {"id": str(CARD), "name": "社会保障卡挂失/补领", "hint": "社保卡丢了"}
    assert len(items) <= 8
    assert get(client, "/items/suggest")["items"] == []


def test_a_relaxed_search_says_so(client: FlaskClient, demo: Services):
    note = get(client, "/items?q=火星移民登记处")["note"]
    assert note == "没有找到和“火星移民登记处”完全对应的事项，下面是意思相近的"


@pytest.mark.parametrize(
    "query",
    ["q=" + "长" * 201, "limit=0", "limit=x", "cursor=%00", "q=婚&cursor=-1"],
)
def test_bad_queries_are_refused_in_chinese(client: FlaskClient, demo: Services, query: str):
    problem = get(client, f"/items?{query}", 422)
    assert problem["title"]
    assert problem["action"]


@pytest.mark.parametrize("said", ["𠮷㐂", "😀", "%_\\", "' OR 1=1 --", "\u202e", "%00", "．．．"])
def test_odd_queries_do_no_harm(client: FlaskClient, demo: Services, said: str):
    assert client.get("/api/v1/items", query_string={"q": said}).status_code == 200
    assert client.get("/api/v1/items/suggest", query_string={"q": said}).status_code == 200
    answer = client.get("/api/v1/items", query_string={"theme": said, "street": said[:40]})
    assert answer.status_code == 200


def test_what_is_not_published_is_not_there(client: FlaskClient, demo: Services):
    with demo.unit() as uow:
        hidden = drafted(uow, name="还没发布的事项").item_id
    get(client, f"/items/{hidden}", 404)
    get(client, f"/items/{uuid4()}", 404)
    get(client, "/items/not-an-id", 404)
    assert get(client, "/items?q=还没发布的事项")["items"][:1] != [str(hidden)]


@pytest.fixture
def editor(sign_in_staff: Callable[..., dict[str, str]], demo: Services) -> dict[str, str]:
    """An editor of department rsj."""
    return sign_in_staff(("item_editor", "department", stable_id("department", "rsj")))


def staff_get(client: FlaskClient, path: str, headers: dict[str, str], status: int = 200) -> dict:
    answer = client.get(f"/api/v1/staff{path}", headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return body(answer)


def test_an_editor_writes_previews_and_publishes(
    client: FlaskClient, demo: Services, editor: dict[str, str]
):
    read = client.get(f"/api/v1/staff/items/{CARD}", headers=editor)
    content = {**body(read)["live"], "name": "社会保障卡补领"}
    url = f"/api/v1/staff/items/{CARD}/draft"
    saved = client.put(
        url, json={"content": content}, headers={**editor, "If-Match": read.headers["ETag"]}
    )
    assert saved.status_code == 200, saved.get_data(as_text=True)
    assert saved.headers["ETag"] != read.headers["ETag"]
    assert body(saved)["draft_version"] == 2
    assert get(client, f"/items/{CARD}")["name"] == "社会保障卡挂失/补领"
    preview = staff_get(client, f"/items/{CARD}/versions/2", editor)
    assert preview["preview"]["name"] == "社会保障卡补领"
    stale = client.put(
        url, json={"content": content}, headers={**editor, "If-Match": read.headers["ETag"]}
    )
    assert stale.status_code == 412
    done = client.post(f"/api/v1/staff/items/{CARD}/publications", headers=editor)
    assert done.status_code == 200, done.get_data(as_text=True)
    assert get(client, f"/items/{CARD}")["name"] == "社会保障卡补领"
    assert get(client, "/items?q=社会保障卡补领")["items"][0]["name"] == "社会保障卡补领"
    history = staff_get(client, f"/items/{CARD}/versions", editor)["items"]
    assert [(row["number"], row["state"]) for row in history] == [(2, "live"), (1, "superseded")]
    assert history[0]["published_by"] == "测试员"


@pytest.mark.requirement("002.09")
def test_publication_names_each_fault(client: FlaskClient, demo: Services, editor: dict[str, str]):
    read = client.get(f"/api/v1/staff/items/{CARD}", headers=editor)
    content = body(read)["live"]
    content["materials"][0]["legal_basis"] = ""
    content["visits_reason"] = ""
    saved = client.put(
        f"/api/v1/staff/items/{CARD}/draft",
        json={"content": content},
        headers={**editor, "If-Match": read.headers["ETag"]},
    )
    codes = [problem["code"] for problem in body(saved)["problems"]]
    assert codes == ["visits_reason_missing", "material_basis_missing"]
    refused = client.post(f"/api/v1/staff/items/{CARD}/publications", headers=editor)
    assert refused.status_code == 422
    problem = body(refused)
    assert set(problem["errors"]) == {"visits_reason", "materials.0.legal_basis"}
    assert "没有法律依据" in problem["detail"]


def test_a_new_item_begins_as_a_draft(client: FlaskClient, demo: Services, editor: dict[str, str]):
    new = {"implementation_code": "NEW-0001", "department": "rsj", "content": sample()}
    made = client.post("/api/v1/staff/items", json=new, headers=editor)
    assert made.status_code == 201, made.get_data(as_text=True)
    item = body(made)
    assert (item["state"], item["live_version"]) == ("draft", None)
    get(client, f"/items/{item['id']}", 404)
    again = client.post("/api/v1/staff/items", json=new, headers=editor)
    assert again.status_code == 409
    other = {**new, "implementation_code": "NEW-0002", "department": "ga"}
    assert client.post("/api/v1/staff/items", json=other, headers=editor).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""}, {"name": "长" * 10_000}, {"name": "看不见\u202e"}, {"visits": -1},
        {"visits": "1"}, {"level": "world"}, {"online_depth": 8}, {"extra": 1},
        {"themes": ["nothing"]}, {"promise_limit": {"value": 1, "unit": "year"}},
        {"aliases": ["a"] * 41}, {"steps": [{"key": "A b"}]}, {"materials": "none"},
        {"name": "\x00"}, {"conditions": [None]}, {"bookable": "maybe"},
    ],
)  # fmt: skip
def test_bad_drafts_are_refused_and_nothing_is_saved(
    client: FlaskClient, demo: Services, editor: dict[str, str], change: dict
):
    read = client.get(f"/api/v1/staff/items/{CARD}", headers=editor)
    answer = client.put(
        f"/api/v1/staff/items/{CARD}/draft",
        json={"content": {**sample(), **change}},
        headers={**editor, "If-Match": read.headers["ETag"]},
    )
    assert answer.status_code == 422
    assert body(answer)["errors"]
    assert staff_get(client, f"/items/{CARD}", editor)["draft"] is None


def test_another_departments_items_do_not_exist_for_an_editor(
    client: FlaskClient, demo: Services, editor: dict[str, str]
):
    foreign = stable_id("item", "11999901GA001")
    for path in (f"/items/{foreign}", f"/items/{foreign}/versions", f"/items/{foreign}/versions/1"):
        staff_get(client, path, editor, 404)
    staff_get(client, f"/items/{CARD}/versions/99", editor, 404)
    answer = client.put(
        f"/api/v1/staff/items/{foreign}/draft",
        json={"content": sample()},
        headers={**editor, "If-Match": '"1-live-1"'},
    )
    assert answer.status_code == 404
    post = client.post(f"/api/v1/staff/items/{foreign}/publications", headers=editor)
    assert post.status_code == 404
    names = {
        row["department_name"] for row in staff_get(client, "/items?limit=100", editor)["items"]
    }
    assert names == {"区人力资源和社会保障局"}


def test_the_editors_list_is_searched_and_filtered(
    client: FlaskClient, demo: Services, editor: dict[str, str]
):
    assert len(staff_get(client, "/items?q=社会保障卡", editor)["items"]) == 2
    assert staff_get(client, "/items?q=%25", editor)["items"] == []
    assert staff_get(client, "/items?state=draft", editor)["items"] == []
    first = staff_get(client, "/items?limit=5", editor)
    second = staff_get(client, f"/items?limit=5&cursor={first['next_cursor']}", editor)
    assert not {r["id"] for r in first["items"]} & {r["id"] for r in second["items"]}
    staff_get(client, "/items?state=nothing", editor, 422)


def test_who_watches_sees_all_and_changes_nothing(
    client: FlaskClient, demo: Services, sign_in_staff: Callable[..., dict[str, str]]
):
    supervisor = sign_in_staff(("supervisor", "district", None))
    rows = staff_get(client, "/items?limit=100", supervisor)["items"]
    assert len({row["department_name"] for row in rows}) > 10
    assert not any(row["can_edit"] for row in rows)
    assert staff_get(client, f"/items/{CARD}", supervisor)["live"]["name"]
    post = client.post(f"/api/v1/staff/items/{CARD}/publications", headers=supervisor)
    assert post.status_code == 403


def test_a_clerk_and_a_stranger_do_not_get_in(
    client: FlaskClient, demo: Services, sign_in_staff: Callable[..., dict[str, str]]
):
    clerk = sign_in_staff(("clerk", "hall", stable_id("hall", "yuehe")))
    staff_get(client, "/items", clerk, 403)
    staff_get(client, f"/items/{CARD}", clerk, 403)
    staff_get(client, "/items", {}, 401)


def test_a_retried_publication_happens_once(
    client: FlaskClient, demo: Services, editor: dict[str, str]
):
    with demo.unit() as uow:
        live = service.newest(uow, CARD)
        service.save_draft(uow, CARD, sample(), service.etag(live))
    headers = {**editor, "Idempotency-Key": "publish-0001"}
    url = f"/api/v1/staff/items/{CARD}/publications"
    first, second = client.post(url, headers=headers), client.post(url, headers=headers)
    assert first.status_code == second.status_code == 200
    assert UUID(body(second)["id"]) == CARD
    assert second.headers["Idempotency-Replayed"] == "true"
