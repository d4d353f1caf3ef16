"""Imported drafts go to review together; each that cannot says why and stays a draft."""

import io
import json
from uuid import uuid4

from backend.domains.knowledge import bulk
from tests.http.test_knowledge_http import STAFF, api, content, people  # noqa: F401 - fixtures
from tests.knowledge_world import RSJ

SEVERAL = "/api/v1/staff/article-submissions"


def test_what_was_imported_is_submitted_in_one_action_with_an_outcome_each(api) -> None:
    rows = [content(title="失业金"), {"title": "缺内容的", "public_text": "还没写完"}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    form = {"file": (io.BytesIO(lines.encode()), "a.jsonl"), "department_id": str(RSJ)}
    made = api("author", "POST", "/api/v1/staff/article-imports", data=form).json["article_ids"]
    assert len(made) == 2
    nowhere = str(uuid4())
    body = {"article_ids": [nowhere, *made, made[0]]}
    report = api("author2", "POST", SEVERAL, json=body).json
    assert (report["submitted"], report["refused"]) == (1, 2)
    by_id = {one["article_id"]: one for one in report["items"]}
    assert list(by_id) == [nowhere, *made]
    assert by_id[made[0]]["submitted"] and by_id[made[0]]["number"].startswith("K")
    assert (by_id[made[1]]["title"], by_id[made[1]]["submitted"]) == ("缺内容的", False)
    assert "补全" in by_id[made[1]]["reason"]
    assert (by_id[nowhere]["title"], by_id[nowhere]["submitted"]) == ("", False)

    states = [api("author", "GET", f"{STAFF}/{one}").json["draft"]["state"] for one in made]
    assert states == ["department_review", "draft"]
    again = api("author", "POST", SEVERAL, json={"article_ids": made[:1]}).json
    assert (again["submitted"], bool(again["items"][0]["reason"])) == (0, True)


def test_too_many_at_a_time_are_refused(api) -> None:
    many = [str(uuid4()) for _ in range(bulk.MOST + 1)]
    api("author", "POST", SEVERAL, json={"article_ids": many}, status=422)
    api("author", "POST", SEVERAL, json={"article_ids": []}, status=422)
    api("operator", "POST", SEVERAL, json={"article_ids": many[:1]}, status=403)
