"""What the routes of the knowledge base need to be tried: things that exist, and bodies that fit."""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import select

from backend.domains.identity.staff_rules import ROLES
from backend.domains.knowledge import corrections, editing, reviewing, service
from backend.domains.knowledge.model import SearchMiss
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.ids import stable_id
from tests.security.dispatch_cast import Form, etag

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

CGJ = stable_id("department", "cgj")
_CONTENT = {
    "title": "共享单车乱停怎么反映", "summary": "", "public_text": "可以在“随手拍”里上报。",
    "internal_text": "转属地街道。", "material_kind": "qa", "keywords": ["单车"],
    "issuing_unit": "区城市管理局", "category_code": "parking", "audience": "public",
}  # fmt: skip


def member(role: str, department: UUID | None = None) -> Principal:
    """Somebody of this role, who has no account."""
    scope = "department" if department else "district"
    grant = Grant(role, frozenset(ROLES[role].permissions), scope, department)
    return Principal(Actor("staff", uuid4(), "测试", role), grants=(grant,))


def furnish(world: "DemoWorld") -> None:
    """A live article with its next version in review, a correction and an unanswered question."""
    services, ids = world.services, world.ids
    author, head = member("department_handler", CGJ), member("department_head", CGJ)
    steps = (
        (author, reviewing.submit), (head, reviewing.approve),
        (member("hotline_reviewer"), reviewing.approve),
    )  # fmt: skip
    with services.unit(author.actor) as uow:
        article = editing.create(uow, author, editing.NewArticle(CGJ, _CONTENT))
        ids["article_id"] = article.id
    for who, step in steps:
        with services.unit(who.actor) as uow:
            step(uow, who, article.id)
    operator = member("operator")
    with services.unit(operator.actor) as uow:
        row = corrections.ask(uow, operator, article.id, "电话有误", "")
        ids["correction_id"] = row.id
        service.missed(uow, "测试夜里施工找谁", "public")
        asked = select(SearchMiss.id).where(SearchMiss.words == "测试夜里施工找谁")
        ids["miss_id"] = uow.session.scalars(asked).one()
    with services.unit(author.actor) as uow:
        editing.open_draft(uow, author, article.id, None, None)
        reviewing.submit(uow, author, article.id)


def _feedback(world: "DemoWorld") -> dict[str, Any]:
    article = str(world.ids["article_id"])
    return {"query": "单车", "kind": "article", "id": article, "helpful": True}


def _pdf(_: Any) -> Form:
    return Form(file=(io.BytesIO(b"%PDF-1.7\nplain"), "x.pdf"))


def _import(_: Any) -> Form:
    line = '{"title": "导入的", "public_text": "内容"}'.encode()
    return Form(file=(io.BytesIO(line), "x.jsonl"), department_id=str(CGJ), dry_run="true")


def _several(world: "DemoWorld") -> dict[str, Any]:
    return {"article_ids": [str(world.ids["article_id"])]}


_ARTICLE = "/api/v1/staff/articles/<uuid:article_id>"
_POST = f"POST {_ARTICLE}"
_WHY = {"reason": "测试原因"}
BODIES: dict[str, Any] = {
    "POST /api/v1/answers/feedback": _feedback,
    "POST /api/v1/staff/articles": {"department_id": str(CGJ), "title": "新文章"},
    "POST /api/v1/staff/article-files": _pdf,
    "POST /api/v1/staff/article-imports": _import,
    "POST /api/v1/staff/article-submissions": _several,
    f"{_POST}/approvals": {},
    f"{_POST}/archivals": {},
    f"{_POST}/corrections": {"words": "电话有误"},
    f"PUT {_ARTICLE}/draft": {"summary": "改过的摘要"},
    f"{_POST}/drafts": {},
    f"{_POST}/recalls": {},
    f"{_POST}/renewals": {"expires_on": "2027-11-23"},
    f"{_POST}/returns": _WHY,
    f"{_POST}/submissions": {},
    f"{_POST}/withdrawals": _WHY,
    "POST /api/v1/staff/corrections/<uuid:correction_id>/answer": {
        "accepted": False, "answer": "电话没有变",
    },
    "POST /api/v1/staff/search-misses/<uuid:miss_id>/articles": {"department_id": str(CGJ)},
    "POST /api/v1/staff/search-misses/<uuid:miss_id>/dismissals": _WHY,
}  # fmt: skip
QUERIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "GET /api/v1/answers": lambda _: {"q": "单车"},
    "GET /api/v1/answers/suggestions": lambda _: {"q": "单车"},
    "GET /api/v1/staff/answers": lambda _: {"q": "单车"},
    f"GET {_ARTICLE}/comparison": lambda _: {"from": 1, "to": 1},
}
BEFORE = {f"PUT {_ARTICLE}/draft": etag("/staff/articles/{article_id}", "department_handler")}
