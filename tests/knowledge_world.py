"""Two departments, the people of the knowledge base, and an article walked to wherever it is needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from backend.domains.identity.staff_rules import ROLES
from backend.domains.knowledge import editing, reviewing, store
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.domains.organisation import service as organisation
from backend.kernel.access import Actor, Grant, Principal
from backend.kernel.ids import stable_id
from backend.kernel.services import Services

RSJ, ZJJ = stable_id("department", "rsj"), stable_id("department", "zjj")
CONTENT: dict[str, Any] = {
    "title": "失业保险金怎么申领", "summary": "丢了工作以后可以领多少、到哪里领",
    "public_text": "## 办理条件\n\n缴费满一年，非本人意愿中断就业。\n\n每月1500元。",
    "internal_text": "系统查不到缴费记录时转社保经办科。", "material_kind": "qa",
    "keywords": ["失业金", "社保"], "issuing_unit": "区人力资源和社会保障局",
    "document_number": "", "category_code": "social_insurance", "audience": "public",
    "region_codes": [], "effective_on": None, "expires_on": None, "source_url": "",
}  # fmt: skip
# Who works here: role, scope and department.
STAFF = {
    "author": ("department_handler", RSJ), "author2": ("department_handler", RSJ),
    "head": ("department_head", RSJ), "head2": ("department_head", RSJ),
    "elsewhere": ("department_handler", ZJJ), "head_elsewhere": ("department_head", ZJJ),
    "centre": ("hotline_reviewer", None), "centre2": ("hotline_reviewer", None),
    "operator": ("operator", None), "operator2": ("operator", None),
    "keeper": ("administrator", None),
}  # fmt: skip


@dataclass
class Knowledge:
    """The people by name, and short ways to act as one of them."""

    services: Services
    people: dict[str, Principal] = field(default_factory=dict)

    def act(self, who: str, use: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a use case as somebody, in a unit of its own."""
        principal = self.people[who]
        with self.services.unit(principal.actor) as uow:
            return use(uow, principal, *args, **kwargs)

    def write(self, who: str = "author", department: UUID = RSJ, **content: Any) -> UUID:
        """A new article with a complete draft."""
        new = editing.NewArticle(department, CONTENT | content)
        return self.act(who, editing.create, new).id

    def publish(self, article_id: UUID | None = None, **content: Any) -> UUID:
        """An article walked through both reviews; a fresh one unless it is given."""
        article_id = article_id or self.write(**content)
        self.act("author", reviewing.submit, article_id)
        self.act("head", reviewing.approve, article_id)
        self.act("centre", reviewing.approve, article_id)
        return article_id

    def save(self, article_id: UUID, who: str = "author", **content: Any) -> Article:
        """Save the draft on top of whatever it is now."""
        tag = editing.etag(self.article(article_id))
        return self.act(who, editing.save, article_id, editing.Draft(content), tag)

    def article(self, article_id: UUID) -> Article:
        """The row as it is now."""
        with self.services.unit() as uow:
            return uow.session.get_one(Article, article_id, populate_existing=True)

    def versions(self, article_id: UUID) -> list[ArticleVersion]:
        """All its versions, newest first."""
        with self.services.unit() as uow:
            return store.versions(uow, article_id)

    def on(self, day: date, hour: int = 9) -> None:
        """Move the clock to this day and fire what is due."""
        from datetime import datetime, time

        from backend.kernel.clock import SHANGHAI

        self.services.clock.set(datetime.combine(day, time(hour), SHANGHAI))
        self.services.timers.fire_due(self.services)


def make(services: Services) -> Knowledge:
    """The departments and people, in an empty database."""
    with services.unit() as uow:
        for code, name in (("rsj", "区人力资源和社会保障局"), ("zjj", "区住房和城乡建设局")):
            organisation.add(uow.session, "department", code, name)
        organisation.add(uow.session, "street", "yuehe", "越和街道")
    made = Knowledge(services)
    for name, (role, department) in STAFF.items():
        grant = Grant(
            role, frozenset(ROLES[role].permissions),
            "department" if department else "district", department,
        )  # fmt: skip
        actor = Actor("staff", uuid4(), name, ROLES[role].text)
        made.people[name] = Principal(actor, grants=(grant,))
    return made
