"""What changed between two versions, word by word; Chinese words are found, not guessed at.

Lines are aligned first and only changed stretches are cut into words, so that a long document
with a small change is compared in a moment.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

import rjieba
from sqlalchemy import select

from backend.domains.knowledge import access, naming, rules
from backend.domains.knowledge.field_rules import FIELDS, LABELS
from backend.domains.knowledge.model import Article, ArticleVersion
from backend.kernel.access import Principal
from backend.kernel.errors import NotFound
from backend.kernel.uow import UnitOfWork

SAME, ADD, DEL = "same", "add", "del"
# A stretch of more words than this is shown as replaced whole: comparing takes their product.
WORDS_MOST = 3000


def parts(before: str, after: str) -> list[dict[str, str]]:
    """The two texts as one sequence of parts: joined without `add` it is the first, without
    `del` the second."""
    found: list[dict[str, str]] = []
    for op, text in _lines(before, after):
        if text and found and found[-1]["op"] == op:
            found[-1]["text"] += text
        elif text:
            found.append({"op": op, "text": text})
    return found


def _lines(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield SAME, "".join(old[a:b])
        else:
            yield from _words("".join(old[a:b]), "".join(new[c:d]))


def _words(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = rjieba.cut(before), rjieba.cut(after)
    if len(old) > WORDS_MOST or len(new) > WORDS_MOST:
        yield DEL, before
        yield ADD, after
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield SAME, "".join(old[a:b])
        else:
            yield DEL, "".join(old[a:b])
            yield ADD, "".join(new[c:d])


def compare(
    uow: UnitOfWork, who: Principal, article_id: UUID, numbers: tuple[int, int]
) -> dict[str, Any]:
    """Every field of two versions in sight, by their numbers, with its parts."""
    article = access.article(uow, who, article_id)
    seen = access.sight(who)
    shown = []
    for number in numbers:
        query = (
            select(ArticleVersion)
            .join(Article, Article.id == ArticleVersion.article_id)
            .where(
                ArticleVersion.article_id == article.id,
                ArticleVersion.number == number,
                access.visible(seen),
            )
        )
        version = uow.session.scalars(query).first()
        if version is None:
            raise NotFound("version_unknown", title="没有这个版本", action="请刷新后再看")
        shown.append(_texts(uow, version))
    inner = seen.whole(article.department_id) or seen.reads_internal(article.department_id)
    fields = [
        {
            "key": field, "label": LABELS[field], "from": shown[0][field], "to": shown[1][field],
            "changed": shown[0][field] != shown[1][field],
            "parts": parts(shown[0][field], shown[1][field]),
        }
        for field in FIELDS
        if inner or field != "internal_text"
    ]  # fmt: skip
    return {"from_number": numbers[0], "to_number": numbers[1], "fields": fields}


def _texts(uow: UnitOfWork, version: ArticleVersion) -> dict[str, str]:
    """The fields as a person reads them."""
    found = {field: str(getattr(version, field) or "") for field in FIELDS}
    found["material_kind"] = rules.MATERIAL_TEXT.get(version.material_kind, "")
    found["audience"] = rules.AUDIENCE_TEXT[version.audience]
    found["keywords"] = "、".join(version.keywords)
    found["category_code"] = naming.category_name(uow, version.category_code)
    found["region_codes"] = naming.region_text(uow, version.region_codes)
    return found
