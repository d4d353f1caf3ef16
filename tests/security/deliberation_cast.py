"""What the routes of topics need to be tried: the owner's topic, words, objection and appeal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from backend.demo import seed_community
from backend.domains.content import checking
from backend.domains.content.model import ContentItem
from backend.domains.deliberation import (
    commenting,
    drafting,
    files,
    leading,
    moderating,
    moves,
    posts,
    proposing,
    seconding,
    stating,
)
from backend.domains.deliberation.talk_model import TopicComment
from backend.domains.deliberation.topic_model import Topic, TopicObjection
from backend.kernel.access import Actor
from backend.kernel.ids import new_id
from backend.kernel.trace import Subject
from tests.security.dispatch_cast import Form, picture

if TYPE_CHECKING:
    from tests.security.demo_world import DemoWorld

#: Words that only whoever belongs to the community may read.
CANARY = "金丝雀议题内容"
DRAFT = {"text": CANARY, "question": "是否同意？", "ballot": "single", "options": [], "least": 1,
         "most": 1, "budget_cents": None, "secret": False, "note": ""}  # fmt: skip
_API = "/api/v1"


def furnish(world: "DemoWorld") -> None:
    """The owner's topic under discussion with a picture, words, an objection and an appeal."""
    services, ids = world.services, world.ids
    person = world.people["resident"].id
    by = seed_community.worker("fangmin", "yuehe-01")
    me = Actor("person", person)
    with services.unit(me) as uow:
        ids["picture_id"] = photo = files.upload(uow, picture())["id"]
        body = {
            "community_id": seed_community.community_id("guixiang"), "kind": "matter",
            "scope_kind": "community", "scope_id": None, "title": CANARY, "words": CANARY,
            "file_ids": [photo],
        }  # fmt: skip
        ids["topic_id"] = topic_id = proposing.propose(uow, person, body).id
    _pass(world, Subject("topic", topic_id))
    with services.unit() as uow:
        topic = uow.session.get_one(Topic, topic_id)
        if topic.state == "seconding":
            moves.touch(uow, topic, seconds_count=topic.seconds_needed)
            proposing.submit(uow, topic, public="联名够了")
    with services.unit(by.actor) as uow:
        leading.accept(uow, by, topic_id, "")
        leading.discuss(uow, by, topic_id, None)
        drafting.save(uow, by, topic_id, 0, DRAFT)
    with services.unit(me) as uow:
        ids["comment_id"] = commenting.write(uow, person, topic_id, CANARY).id
        ids["statement_id"] = stating.state(uow, person, topic_id, CANARY).id
        hidden = commenting.write(uow, person, topic_id, "要被隐藏的话").id
        doubted = commenting.write(uow, person, topic_id, "要复核的话").id
        seconding.follow(uow, person, topic_id)
        objection = TopicObjection(
            id=new_id(), topic_id=topic_id, person_id=person, stage="noticing", state="raised",
            words=CANARY, at=uow.now,
        )  # fmt: skip
        uow.session.add(objection)
        ids["objection_id"] = objection.id
    for comment in (ids["comment_id"], hidden):
        _pass(world, Subject("topic_comment", comment))
    _pass(world, Subject("topic_statement", ids["statement_id"]))
    with services.unit(by.actor) as uow:
        ids["case_id"] = moderating.hide(uow, by, posts.COMMENT, hidden, "测试").id
    with services.unit(me) as uow:
        posts.appeal(uow, person, TopicComment, hidden, "申诉")
        check = checking.current(uow, Subject("topic_comment", doubted))
        assert check is not None
        ids["content_check_id"] = check.id
        uow.session.add(
            ContentItem(check_id=check.id, kind="image", file_id=ids["picture_id"], next_at=uow.now,
                        state="review")
        )  # fmt: skip
    ids.update(checked_file_id=ids["picture_id"], until=1, signature="x")


def _pass(world: "DemoWorld", subject: Subject) -> None:
    with world.services.unit() as uow:
        row = checking.current(uow, subject)
        assert row is not None
        checking.change(uow, row, "pass")


def _topic(world: "DemoWorld") -> dict[str, Any]:
    place = str(seed_community.community_id("guixiang"))
    return {"community_id": place, "kind": "matter", "title": "新议题", "words": "说明"}


def _form(_: Any) -> Form:
    return Form(file=(picture(), "x.jpg"))


_TOPIC, _STAFF = f"{_API}/topics/<uuid:topic_id>", f"{_API}/staff/topics/<uuid:topic_id>"
_COMMENT, _STATEMENT = (
    f"{_API}/comments/<uuid:comment_id>",
    f"{_API}/statements/<uuid:statement_id>",
)
_WHY, _WORDS, _TEXT = {"reason": "测试原因"}, {"words": "测试"}, {"text": "测试"}
_DRAFT = {"text": "方案", "question": "同意吗？"}
BODIES: dict[str, Any] = {
    f"POST {_API}/topics": _topic, f"POST {_API}/staff/topics": _topic,
    f"POST {_API}/topic-files": _form, f"POST {_API}/staff/topic-files": _form,
    f"PUT {_TOPIC}": {"title": "新标题", "words": "新说明"},
    f"POST {_TOPIC}/appeals": _WORDS, f"POST {_TOPIC}/withdrawals": _WHY,
    f"POST {_TOPIC}/seconds": {}, f"POST {_TOPIC}/follow": {},
    f"POST {_TOPIC}/objections": _WORDS, f"POST {_TOPIC}/comments": _TEXT,
    f"POST {_TOPIC}/statements": _TEXT,
    f"PUT {_COMMENT}": _TEXT, f"POST {_COMMENT}/likes": {"liked": True},
    f"POST {_COMMENT}/reports": {"why": "other"}, f"POST {_COMMENT}/appeals": _WORDS,
    f"PUT {_STATEMENT}/vote": {"answer": "agree"}, f"POST {_STATEMENT}/reports": {"why": "other"},
    f"POST {_STATEMENT}/appeals": _WORDS,
    f"PUT {_STAFF}": {"silence_basis": "x"}, f"POST {_STAFF}/acceptances": {},
    f"POST {_STAFF}/declines": _WHY, f"POST {_STAFF}/stages": {"action": "draft"},
    f"PUT {_STAFF}/draft": _DRAFT, f"POST {_STAFF}/notices": {},
    f"POST {_STAFF}/official-answers": _TEXT, f"POST {_STAFF}/statements": _TEXT,
    f"POST {_STAFF}/requirements": {"code": "agreement", "note": "齐"},
    f"POST {_STAFF}/progress": {"text": "做了", "percent": 10},
    f"POST {_STAFF}/closings": {"summary": "好了"},
    f"POST {_API}/staff/comments/<uuid:comment_id>/hidings": _WHY,
    f"POST {_API}/staff/statements/<uuid:statement_id>/hidings": _WHY,
    f"POST {_API}/staff/topic-objections/<uuid:objection_id>/decisions": {"action": "mediate"},
    f"POST {_API}/staff/moderation-cases/<uuid:case_id>/decisions": {"action": "restore", **_WHY},
    f"POST {_API}/staff/content-checks/<uuid:content_check_id>/decisions": {"passed": True},
}  # fmt: skip
BEFORE: dict[str, Callable[["DemoWorld"], dict[str, str]]] = {
    f"PUT {_STAFF}": lambda _: {"If-Match": '"1"'},
    f"PUT {_STAFF}/draft": lambda _: {"If-Match": '"d1"'},
}
