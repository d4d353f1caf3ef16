"""Open events near where the caller speaks of appear beside what answers their words."""

import pytest

from tests.dispatch_api import Api, make_api
from tests.dispatch_world import CGJ, IN_A

WORDS = "路灯不亮了，晚上很黑"


@pytest.fixture
def api(services, client) -> Api:
    return make_api(services, client)


@pytest.fixture
def ask(client, sign_in_staff):
    def asked(role=("operator", "district", None), **query):
        answer = client.get(
            "/api/v1/staff/answers", headers=sign_in_staff(role), query_string=query
        )
        assert answer.status_code == 200
        return answer.get_json()

    return asked


def test_open_events_nearby_that_tell_of_the_same_appear(api: Api, ask) -> None:
    event = api.report("wang", words=WORDS)
    for where in (IN_A, {"region": "yuehe"}):
        found = ask(q=WORDS, **where)
        (near,) = found["events"]
        assert (near["number"], near["state_text"]) == (event["number"], event["state_text"])
        assert (near["distance_m"] is None) == ("region" in where)
        assert found["total"] == 0, "what is near is beside what is counted"
    assert ask(q=WORDS)["events"] == [], "without a place nothing is near"
    assert ask(q=WORDS, region="other")["events"] == []
    assert ask(q="怎么办居住证要带什么", region="yuehe")["events"] == []
    assert ask(q=WORDS, kinds="article", **IN_A)["events"] == []
    assert len(ask(q=WORDS, kinds="event", **IN_A)["events"]) == 1


def test_confidential_and_ended_events_do_not_appear(api: Api, ask) -> None:
    api.report("wang", words=WORDS, confidential=True)
    over = api.report("li", words=WORDS)
    api.ok(f"POST /events/{over['id']}/cancellations", "li", {"reason": "已经亮了"})
    for where in (IN_A, {"region": "yuehe"}):
        assert ask(q=WORDS, **where)["events"] == []


def test_departments_are_not_told_of_events_in_the_streets(api: Api, ask) -> None:
    api.report("wang", words=WORDS)
    for role in ("department_handler", "department_head"):
        who = (role, "department", CGJ)
        assert ask(who, q=WORDS, **IN_A)["events"] == []
