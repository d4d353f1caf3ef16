"""What becomes of a neighbour's words and pictures when the account ends or becomes another."""

import pytest

from backend.domains.content import asking
from backend.domains.deliberation import (
    commenting,
    files,
    own_data,
    stating,
    talk_view,
)
from backend.domains.deliberation.talk_model import (
    StatementVote,
    TopicStatement,
)
from backend.domains.deliberation.topic_model import Topic
from backend.domains.identity.events import PersonClosed, PersonMerged
from backend.domains.messages.events import MediaChecked
from backend.kernel.errors import NotFound
from backend.kernel.files import StoredFile
from tests.topics_world import Town, town


@pytest.fixture
def place(services) -> Town:
    return town(services, 7)


@pytest.fixture
def topic(place):
    return place.discussing()


def write(place, topic_id, who, text="我支持装灯", check=True, **more):
    with place.unit(who) as uow:
        comment = commenting.write(uow, who, topic_id, text, **more).id
    if check:
        place.check()
    return comment


def read(place, topic_id, who, sort="newest", parent=None):
    with place.unit(who) as uow:
        query = talk_view.query(topic_id, who, parent_id=parent, sort=sort)
        keys, down = talk_view.keys(sort)
        rows = uow.session.scalars(
            query.order_by(*(key.desc() if down else key for key in keys))
        ).all()
        return talk_view.comments(uow, uow.session.get_one(Topic, topic_id), rows, who)


def state(place, topic_id, who, text):
    with place.unit(who) as uow:
        row = stating.state(uow, who, topic_id, text).id
    place.check()
    return row


def answer(place, who, statement, value):
    with place.unit(who) as uow:
        stating.answer(uow, who, statement, value)


def test_an_account_that_ends_takes_its_words_along(place, topic):
    who = place.people[1]
    write(place, topic, who, "请删掉我")
    statement = state(place, topic, who, "我的观点")
    with place.unit() as uow:
        kinds = {one["kind"] for one in own_data.export(uow, who)}
        assert {"评论", "观点", "表态", "联名", "关注"} <= kinds
        assert own_data.open_matters(uow, place.people[0])
        own_data.forget(uow, PersonClosed(who))
        assert own_data.export(uow, who) == []
        assert uow.session.get_one(TopicStatement, statement).body == own_data.ERASED
    (left,) = read(place, topic, place.people[3])
    assert (left["author"], left["text"]) == ("已注销用户", own_data.ERASED)


def test_an_account_that_ends_takes_its_pictures_along(place, topic, monkeypatch):
    monkeypatch.setattr(
        "backend.domains.content.picture_links.link", lambda *_: "https://hy.example/x"
    )
    who = place.people[1]
    shown, unused = place.photo(who), place.photo(who)
    write(place, topic, who, "看图", file_ids=[shown])
    with place.unit() as uow:
        asking.media_answered(uow, MediaChecked("trace-1", "pass", 100))
    with place.unit() as uow:
        assert [one["kind"] for one in own_data.export(uow, who)].count("图片") == 2
        uow.emit(PersonClosed(who))
    with place.unit() as uow:
        assert uow.session.get(StoredFile, unused) is None
        with pytest.raises(NotFound):
            files.served(uow, topic, shown, everything=True)
    (left,) = read(place, topic, place.people[3])
    assert (left["text"], left["pictures"]) == (own_data.ERASED, [])


def test_a_provisional_account_brings_its_words_and_no_double_marks(place, topic):
    old, new = place.people[1], place.people[2]
    statement = state(place, topic, place.people[0], "灯要声控")
    for who in (old, new):
        answer(place, who, statement, "agree")
    write(place, topic, old, "我写的")
    with place.unit() as uow:
        own_data.move(uow, PersonMerged(source_id=old, target_id=new))
        votes = uow.session.query(StatementVote).filter_by(statement_id=statement).all()
        assert len(votes) == 2
        assert own_data.export(uow, old) == []
    assert read(place, topic, new)[0]["mine"]
