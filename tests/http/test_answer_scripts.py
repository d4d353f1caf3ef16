"""Scripts for operators: articles of their own kind, reviewed as all are, never for residents."""

from datetime import date, timedelta

import pytest

from backend.domains.knowledge import living, reviewing
from backend.kernel.errors import Invalid
from tests.knowledge_world import ZJJ, make

PATH = "/api/v1/staff/answer-scripts"
TEXT = "## 问\n- 哪个小区？\n\n## 说\n马上派人。\n\n## 记\n- 地点："
SCRIPT = {"material_kind": "script", "audience": "internal", "public_text": TEXT,
          "category_code": "water", "keywords": ["停水"]}  # fmt: skip


@pytest.fixture
def base(services):
    return make(services)


def shown(client, headers):
    answer = client.get(PATH, headers=headers)
    assert answer.status_code == 200
    return answer.get_json()["items"]


def test_operators_get_the_scripts_in_force_in_parts(base, client, sign_in_staff):
    script = base.publish(title="停水", **SCRIPT)
    base.write(title="还没审的话术", **SCRIPT)
    base.publish(title="一篇普通文章")
    gone = base.publish(title="下架的话术", **SCRIPT)
    base.act("centre", living.withdraw, gone, "有误")
    (one,) = shown(client, sign_in_staff(("operator", "district", None)))
    assert one == {
        "id": str(script), "title": "停水", "text": TEXT, "category_code": "water",
        "keywords": ["停水"], "ask": ["哪个小区？"], "say": "马上派人。", "form": "地点：",
    }  # fmt: skip


def test_an_edit_goes_live_after_its_review(base, client, sign_in_staff):
    operator = sign_in_staff(("operator", "district", None))
    script = base.publish(title="停水", **SCRIPT)
    base.save(script, public_text="已改过")
    assert shown(client, operator)[0]["text"] == TEXT
    base.publish(script)
    assert shown(client, operator)[0]["say"] == "已改过"


def test_a_script_is_over_with_its_last_day(base, client, sign_in_staff, services):
    base.publish(title="停水", **SCRIPT, expires_on=date(2026, 11, 24))
    assert shown(client, sign_in_staff(("operator", "district", None)))
    services.clock.advance(timedelta(days=3))
    assert shown(client, sign_in_staff(("operator", "district", None))) == []


def test_a_script_is_never_public(base, client, sign_in_staff):
    article = base.write(title="停水", **{**SCRIPT, "audience": "public"})
    with pytest.raises(Invalid) as refused:
        base.act("author", reviewing.submit, article)
    assert list(refused.value.fields) == ["audience"]
    base.publish(title="停电", **SCRIPT)
    # Departments read what is internal only of their own.
    assert shown(client, sign_in_staff(("department_handler", "department", ZJJ))) == []
    assert client.get("/api/v1/answers?q=停电").get_json()["items"] == []
    assert client.get(PATH).status_code == 401
