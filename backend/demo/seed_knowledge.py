"""The demo's knowledge base: articles in every state, corrections, uses, unanswered questions.

Written, reviewed and published by the real use cases at moments of the past; only messages are
left out. An installation that has articles is left alone.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select

from backend.demo.district import DATA, district
from backend.demo.history import Past
from backend.demo.seed_dispatch import Stage
from backend.domains.identity.staff_rules import ROLES
from backend.domains.knowledge import corrections, editing, living, misses, reviewing, store
from backend.domains.knowledge.model import Article, ArticleUse
from backend.kernel.access import Grant, Principal
from backend.kernel.clock import local_date
from backend.kernel.events import EventBus
from backend.kernel.ids import stable_id
from backend.kernel.services import Services

# Who writes and who reviews for the departments that have people of their own in the demo.
_EDITORS = {"rsj": "yuhua", "cgj": "gaobo", "zjj": "tangli"}
_HEADS = {"cgj": "liangjian"}
# For all others a colleague of 区人社局 does it, as districts lend each other editors.
_EDITOR, _HEAD = "liuyang", "xurong"
# Hours ago at which the corrections were asked: one open, one late, two answered.
_ASKED = (20, 120, 200, 260)


def seed(services: Services) -> None:
    """Everything, unless there is an article already."""
    with services.unit() as uow:
        if uow.session.scalar(select(exists(select(Article.id)))):
            return
    muted = replace(services, events=EventBus())
    Library(Stage(muted), services.clock.now(), Past(muted, _deadlines)).fill()


def _deadlines(timers: Any) -> None:
    living.register(timers)
    corrections.register(timers)


@cache
def data() -> dict[str, Any]:
    """The data file."""
    found: dict[str, Any] = json.loads((DATA / "articles.json").read_text(encoding="utf-8"))
    return found


def article_key(services: Services) -> dict[str, UUID]:
    """Articles of the data file by their key, found by title."""
    titles = {row["title"]: row["key"] for row in data()["articles"]}
    with services.unit() as uow:
        found = {}
        for article in uow.session.scalars(select(Article)):
            version = store.live(uow, article.id)
            if version is not None and version.title in titles:
                found[titles[version.title]] = article.id
    return found


@dataclass
class Library:
    """Fills the shelves, the oldest article first."""

    stage: Stage
    now: datetime
    past: Past

    def fill(self) -> None:
        """Articles, corrections, uses, unanswered questions, and what became due meanwhile."""
        made: dict[str, UUID] = {}
        rows = sorted(data()["articles"], key=lambda row: "related" in row)
        for number, row in enumerate(rows):
            made[row["key"]] = self._article(row, number, made)
        for row, hours in zip(data()["corrections"], _ASKED, strict=True):
            self._correction(row, made[row["article"]], self.now - timedelta(hours=hours))
        self.past.until(self.now)
        self._uses(made)
        for row in data()["misses"]:
            for day in range(row["count"]):
                moment = self.now - timedelta(days=day, hours=2)
                with self.stage.at(moment, self.stage.staff("hanmei").actor) as uow:
                    misses.record(uow, row["words"], row["audience"])

    def _article(self, row: dict[str, Any], number: int, made: dict[str, UUID]) -> UUID:
        begin = self.now - timedelta(days=_age(row, number), hours=3)
        editor = self._person(row["department"], _EDITORS, _EDITOR, "department_handler")
        head = self._person(row["department"], _HEADS, _HEAD, "department_head")
        new = editing.NewArticle(
            stable_id("department", row["department"]),
            self._content(row),
            source="demo",
            related=_related(row, made),
        )
        with self.stage.at(begin, editor.actor) as uow:
            article_id = editing.create(uow, editor, new).id
        self._review(article_id, row, begin, (editor, head))
        if row.get("versions") == 2:
            self._again(article_id, row, (editor, head))
        return article_id

    def _review(
        self, article_id: UUID, row: dict[str, Any], begin: datetime, people: tuple[Principal, ...]
    ) -> None:
        """From draft to the state the row names (`to`), by three people."""
        editor, head = people
        to = row.get("to")
        if to == "draft":
            return
        with self.stage.at(begin + timedelta(hours=2), editor.actor) as uow:
            reviewing.submit(uow, editor, article_id)
        if to == "department_review":
            return
        moment = begin + timedelta(hours=20)
        if to == "returned":
            with self.stage.at(moment, head.actor) as uow:
                reviewing.send_back(uow, head, article_id, row["reason"])
            return
        with self.stage.at(moment, head.actor) as uow:
            reviewing.approve(uow, head, article_id)
        if to == "centre_review":
            return
        centre = self.stage.staff("maolin")
        with self.stage.at(begin + timedelta(hours=44), centre.actor) as uow:
            reviewing.approve(uow, centre, article_id)

    def _again(self, article_id: UUID, row: dict[str, Any], people: tuple[Principal, ...]) -> None:
        """Version 2, with one more sentence, while version 1 stays live."""
        editor = people[0]
        begin = self.now - timedelta(days=12)
        text = f"{row['public_text']}\n\n办不成的，请拨打12345，话务员会帮您问清楚。"
        with self.stage.at(begin, editor.actor) as uow:
            tag = editing.etag(uow.session.get_one(Article, article_id))
            draft = editing.Draft({"public_text": text}, change_note="补充咨询办法")
            editing.save(uow, editor, article_id, draft, tag)
        self._review(article_id, row, begin, people)

    def _correction(self, row: dict[str, Any], article_id: UUID, asked_at: datetime) -> None:
        asker = self.stage.staff("wangqing")
        with self.stage.at(asked_at, asker.actor) as uow:
            correction_id = corrections.ask(uow, asker, article_id, row["words"], row["quote"]).id
            department = uow.session.get_one(Article, article_id).department_id
        answer = row["answer"]
        if answer is None:
            return
        code = next(
            place["code"] for place in district()["departments"]
            if stable_id("department", place["code"]) == department
        )  # fmt: skip
        editor = self._person(code, _EDITORS, _EDITOR, "department_handler")
        with self.stage.at(asked_at + timedelta(hours=18), editor.actor) as uow:
            given = corrections.Answer(answer["accepted"], answer["words"])
            corrections.answer(uow, editor, correction_id, given)

    def _content(self, row: dict[str, Any]) -> dict[str, Any]:
        names = {place["code"]: place["name"] for place in district()["departments"]}
        today = local_date(self.now)
        return {
            "title": row["title"],
            "summary": row["summary"],
            "public_text": row["public_text"],
            "internal_text": row.get("internal", ""),
            "material_kind": row["material_kind"],
            "keywords": row["keywords"],
            "issuing_unit": row.get("unit") or names[row["department"]],
            "document_number": row.get("document", ""),
            "category_code": row["category"],
            "audience": row.get("audience", "public"),
            "region_codes": row.get("regions", []),
            "effective_on": _day(today, row.get("frm")),
            "expires_on": _day(today, row.get("until")),
        }

    def _person(self, code: str, own: dict[str, str], lent: str, role: str) -> Principal:
        """Who does it for the department, with the role there."""
        held = self.stage.staff(own.get(code, lent))
        grant = Grant(
            role, frozenset(ROLES[role].permissions), "department", stable_id("department", code)
        )
        return replace(held, grants=(*held.grants, grant))

    def _uses(self, made: dict[str, UUID]) -> None:
        """A month of uses: some articles are asked for every day, most now and then."""
        chance = self.stage.chance
        today = local_date(self.now)
        with self.stage.at(self.now, self.stage.staff("maolin").actor) as uow:
            for place, article_id in enumerate(made.values()):
                version = store.live(uow, article_id)
                if version is None:
                    continue
                liked = max(1, 30 - place)
                for day in range(30):
                    for kind, audience, share in _KINDS:
                        count = int(chance.random() * liked * share)
                        if count and (audience == "internal" or version.audience == "public"):
                            uow.session.add(
                                ArticleUse(
                                    article_id=article_id, version_id=version.id,
                                    day=today - timedelta(days=day), kind=kind,
                                    audience=audience, count=count,
                                )
                            )  # fmt: skip


_KINDS = (
    ("viewed", "public", 1.0), ("viewed", "internal", 0.6), ("inserted", "internal", 0.3),
    ("sent", "internal", 0.2), ("helpful", "public", 0.2), ("unhelpful", "public", 0.06),
)  # fmt: skip


def _age(row: dict[str, Any], number: int) -> int:
    """Days ago at which an article was begun; what is in the making was begun lately."""
    if row.get("to"):
        return 2
    if row.get("frm") is not None:
        return max(4, 5 - int(row["frm"]))
    return 30 + number * 7 % 150


def _day(today: date, offset: int | None) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _related(row: dict[str, Any], made: dict[str, UUID]) -> tuple[tuple[str, UUID], ...]:
    found = [("item", stable_id("item", code)) for code in row.get("items", [])]
    found += [("article", made[key]) for key in row.get("related", [])]
    return tuple(found)
