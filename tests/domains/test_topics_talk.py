"""Comments, statements, moderation: what authors and neighbours see of what was written."""

from datetime import timedelta

import pytest

from backend.domains.content import asking, desk
from backend.domains.content.model import ContentCheck
from backend.domains.deliberation import (
    commenting,
    drafting,
    events,
    files,
    leading,
    moderating,
    opinion_maps,
    posts,
    rules,
    stating,
    talk_view,
)
from backend.domains.deliberation.talk_model import (
    ModerationCase,
    TopicComment,
    TopicStatement,
)
from backend.domains.deliberation.topic_model import Topic
from backend.domains.messages.events import MediaChecked
from backend.integrations.wechat import Fault, WeChatError
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.community_world import OTHER_AREA, named, worker
from tests.topics_world import DRAFT, Town, town


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


def seen(place, topic_id, who):
    return [one["text"] for one in read(place, topic_id, who)]


@pytest.mark.requirement("004.13")
def test_refused_under_review_and_unavailable_are_three_experiences_of_a_comment(place, topic):
    author, other = place.people[1], place.people[2]
    write(place, topic, author, "违规的话")
    write(place, topic, author, "复核的话")
    place.judge.down = WeChatError("wxa/msg_sec_check", Fault.UNREACHABLE)
    write(place, topic, author, "断网时写的话")
    mine = {one["text"]: one for one in read(place, topic, author)}
    told = {text: one["notice"]["experience"] for text, one in mine.items()}
    assert told == {
        "违规的话": "refused", "复核的话": "under_review", "断网时写的话": "unavailable",
    }  # fmt: skip
    assert mine["违规的话"]["can"] == ["withdraw", "edit", "appeal"]
    assert mine["复核的话"]["notice"]["by_when"] is not None
    assert "稍后检查" in mine["断网时写的话"]["notice"]["text"]
    assert seen(place, topic, other) == []
    results = [one.result for one in place.told(events.PostDecided)]
    assert results == ["refused", "review", "unavailable"]
    place.judge.down = None
    place.check(seconds=31)
    assert seen(place, topic, other) == ["断网时写的话"]


def test_a_refused_comment_is_written_anew_and_an_appeal_is_decided_by_a_person(place, topic):
    author, other = place.people[1], place.people[2]
    first = write(place, topic, author, "违规一")
    with place.unit(author) as uow:
        commenting.edit(uow, author, first, "改好了")
    place.check()
    assert seen(place, topic, other) == ["改好了"]
    second = write(place, topic, author, "违规二")
    with place.unit(author) as uow:
        posts.appeal(uow, author, TopicComment, second, "说的是规章")
    with place.unit(place.fang) as uow:
        check = uow.session.query(ContentCheck).filter_by(subject_id=second).one()
        desk.decide(uow, place.fang, check.id, passed=True, reason="")
    assert sorted(seen(place, topic, other)) == ["改好了", "违规二"]
    assert place.told(events.PostDecided)[-1].result == "passed"
    with place.unit(author) as uow, pytest.raises(Conflict):
        commenting.edit(uow, author, second, "公开以后再改")


def test_nobody_but_the_author_touches_a_comment(place, topic):
    comment = write(place, topic, place.people[1])
    other = place.people[2]
    for act in (
        lambda uow: commenting.edit(uow, other, comment, "x"),
        lambda uow: posts.withdraw(uow, other, TopicComment, comment),
        lambda uow: posts.appeal(uow, other, TopicComment, comment, "x"),
    ):
        with place.unit(other) as uow, pytest.raises(NotFound):
            act(uow)


def test_replies_stand_under_their_comment_and_keep_a_withdrawn_ones_place(place, topic):
    first = write(place, topic, place.people[1], "问一句")
    reply = write(place, topic, place.people[2], "答一句", parent_id=first)
    write(place, topic, place.people[3], "再答一句", parent_id=reply)
    (top,) = read(place, topic, place.people[4])
    assert top["replies"] == 2
    assert len(read(place, topic, place.people[4], parent=first)) == 2
    with place.unit(place.people[1]) as uow:
        posts.withdraw(uow, place.people[1], TopicComment, first)
    (gone,) = read(place, topic, place.people[4])
    assert (gone["gone"], gone["text"]) == (True, "（作者撤回了这条评论）")
    with place.unit(place.people[4]) as uow, pytest.raises(NotFound):
        commenting.write(uow, place.people[4], topic, "回撤回的", parent_id=first)


def test_likes_count_once_and_sort(place, topic):
    first = write(place, topic, place.people[1], "甲")
    write(place, topic, place.people[2], "乙")
    for who in (place.people[3], place.people[3], place.people[4]):
        with place.unit(who) as uow:
            commenting.like(uow, who, first, liked=True)
    assert [one["text"] for one in read(place, topic, place.people[0], "liked")] == ["甲", "乙"]
    assert read(place, topic, place.people[3], "liked")[0]["liked"]
    with place.unit(place.people[3]) as uow:
        assert commenting.like(uow, place.people[3], first, liked=False).likes == 1
        assert commenting.like(uow, place.people[3], first, liked=False).likes == 1


def test_official_answers_are_marked_and_told_to_who_asked(place, topic):
    asked = write(place, topic, place.people[1], "电费谁出？")
    write(place, topic, place.people[2], "别的话")
    with place.unit(place.fang) as uow:
        commenting.answer(uow, place.fang, topic, "公共收益出。", parent_id=asked, file_ids=[])
    (told,) = place.told(events.PostAnswered)
    assert (told.person_id, told.words) == (place.people[1], "公共收益出。")
    (only,) = read(place, topic, place.people[3], "official")
    assert only["text"] == "电费谁出？"
    (reply,) = read(place, topic, place.people[3], parent=asked)
    assert reply["official"]
    assert reply["author"].startswith("社区")
    assert "report" not in reply["can"]
    with place.unit(worker("community_auditor")) as uow, pytest.raises(Forbidden):
        by = worker("community_auditor")
        commenting.answer(uow, by, topic, "x", parent_id=None, file_ids=[])


def test_nobody_talks_while_it_is_voted_or_over(place):
    topic_id = place.noticed()
    place.wait(days=10)
    place.open_vote(topic_id)
    with place.unit(place.people[1]) as uow, pytest.raises(Conflict):
        commenting.write(uow, place.people[1], topic_id, "投完再说")


def test_strangers_do_not_talk(place, topic):
    other = place.estate.person(named())
    with place.unit(other) as uow, pytest.raises(NotFound):
        commenting.write(uow, other, topic, "我是路过的")


def test_a_picture_of_a_comment_is_seen_when_its_words_are(place, topic, monkeypatch):
    monkeypatch.setattr(
        "backend.domains.content.picture_links.link", lambda *_: "https://hy.example/x"
    )
    author, other = place.people[1], place.people[2]
    photo = place.photo(author)
    write(place, topic, author, "看图", file_ids=[photo])
    with place.unit() as uow, pytest.raises(NotFound):
        files.served(uow, topic, photo, person_id=other)
    with place.unit() as uow:
        asking.media_answered(uow, MediaChecked("trace-1", "pass", 100))
    with place.unit() as uow:
        assert files.served(uow, topic, photo, person_id=other).id == photo
    assert len(read(place, topic, other)[0]["pictures"]) == 1


def report(place, who, comment, why="abuse"):
    with place.unit(who) as uow:
        moderating.report(uow, who, posts.COMMENT, comment, why=why, words="")


def case_of(place, comment):
    with place.unit() as uow:
        return uow.session.query(ModerationCase).filter_by(post_id=comment).one()


def decide(place, by, case, action, reason=""):
    with place.unit(by) as uow:
        return moderating.decide(uow, by, case, action, reason)


def test_three_reports_hide_a_comment_until_a_moderator_has_looked(place, topic):
    author = place.people[1]
    comment = write(place, topic, author, "吵架的话")
    for who in place.people[2:4]:
        report(place, who, comment)
        report(place, who, comment)
    assert seen(place, topic, place.people[5]) == ["吵架的话"]
    report(place, place.people[4], comment)
    assert seen(place, topic, place.people[5]) == []
    assert read(place, topic, author)[0]["notice"]["experience"] == "under_review"
    with place.unit() as uow:
        (row,) = moderating.waiting(uow, place.fang)
    assert (len(row["reports"]), row["can"]) == (3, ["keep", "hide"])
    decide(place, place.fang, row["id"], "keep")
    assert seen(place, topic, place.people[5]) == ["吵架的话"]


@pytest.mark.requirement("004.13")
def test_a_hidden_comment_is_told_with_its_reason_and_the_appeal_decided_by_another(place, topic):
    author = place.people[1]
    comment = write(place, topic, author, "骂了人")
    report(place, place.people[2], comment)
    case = case_of(place, comment).id
    with pytest.raises(Invalid):
        decide(place, place.fang, case, "hide")
    with pytest.raises(NotFound):
        decide(place, worker(scope=OTHER_AREA), case, "hide", "x")
    decide(place, place.fang, case, "hide", "有辱骂")
    assert seen(place, topic, place.people[5]) == []
    (mine,) = read(place, topic, author)
    assert (mine["notice"]["experience"], mine["can"]) == ("hidden", ["withdraw", "appeal"])
    assert "有辱骂" in mine["notice"]["text"]
    with place.unit(author) as uow:
        posts.appeal(uow, author, TopicComment, comment, "没有骂人")
    with pytest.raises(Forbidden):
        decide(place, place.fang, case, "restore", "看错了")
    decide(place, place.street, case, "restore", "是方言，不算骂人")
    assert seen(place, topic, place.people[5]) == ["骂了人"]
    assert [one.result for one in place.told(events.PostDecided)] == ["hidden", "restored"]


def test_an_upheld_hiding_stays_and_is_not_appealed_again(place, topic):
    author = place.people[1]
    comment = write(place, topic, author, "广告")
    with place.unit(place.fang) as uow:
        case = moderating.hide(uow, place.fang, posts.COMMENT, comment, "是广告").id
    with place.unit(author) as uow:
        posts.appeal(uow, author, TopicComment, comment, "不是")
    decide(place, place.street, case, "uphold", "确是广告")
    with place.unit(author) as uow, pytest.raises(Conflict):
        posts.appeal(uow, author, TopicComment, comment, "不是")
    assert read(place, topic, author)[0]["can"] == ["withdraw"]
    with place.unit(place.fang) as uow, pytest.raises(Conflict):
        moderating.hide(uow, place.fang, posts.COMMENT, comment, "再藏")


def test_ones_own_words_and_official_answers_are_not_reported(place, topic):
    comment = write(place, topic, place.people[1])
    with pytest.raises(Conflict):
        report(place, place.people[1], comment)


def state(place, topic_id, who, text):
    with place.unit(who) as uow:
        row = stating.state(uow, who, topic_id, text).id
    place.check()
    return row


def answer(place, who, statement, value):
    with place.unit(who) as uow:
        stating.answer(uow, who, statement, value)


def test_statements_are_answered_changed_and_counted_without_leading_anybody(place, topic):
    one = state(place, topic, place.people[0], "灯要声控")
    with pytest.raises(Invalid):
        state(place, topic, place.people[1], "灯要声控")
    with place.unit(place.people[1]) as uow:
        (row,) = talk_view.statements(uow, topic, place.people[1])
    assert row["counts"] is None
    answer(place, place.people[1], one, "disagree")
    answer(place, place.people[1], one, "agree")
    with place.unit(place.people[1]) as uow:
        (row,) = talk_view.statements(uow, topic, place.people[1])
    assert row["counts"] == {"agree": 2, "disagree": 0, "pass": 0}
    assert row["answer"] == "agree"


def test_a_refused_statement_is_seen_by_its_author_alone(place, topic):
    statement = state(place, topic, place.people[0], "违规观点")
    with place.unit(place.people[0]) as uow:
        (row,) = talk_view.statements(uow, topic, place.people[0])
        assert talk_view.statements(uow, topic, place.people[1]) == []
    assert row["notice"]["experience"] == "refused"
    assert row["can"] == ["withdraw", "appeal"]
    with pytest.raises(NotFound):
        answer(place, place.people[1], statement, "agree")
    with place.unit(place.people[0]) as uow:
        posts.withdraw(uow, place.people[0], TopicStatement, statement)


def test_statements_close_with_the_draft(place, topic):
    statement = state(place, topic, place.people[0], "灯要声控")
    place.act(leading.draft, topic)
    place.act(stating.state_by_staff, topic, "灯要省电")
    place.act(drafting.save, topic, 0, DRAFT)
    place.act(leading.notice, topic, None)
    with pytest.raises(Conflict):
        answer(place, place.people[1], statement, "agree")
    with pytest.raises(Conflict):
        place.act(stating.state_by_staff, topic, "太晚了")


def test_the_worker_draws_the_map_and_everybody_finds_themselves(place, topic):
    with place.unit() as uow:
        empty = opinion_maps.view(uow, uow.session.get_one(Topic, topic), place.people[0])
    assert (empty["ready"], empty["participants"]) == (False, 0)
    texts = ("要灯", "要停车位", "要种树")
    statements = [place.act(stating.state_by_staff, topic, text).id for text in texts]
    for number, who in enumerate(place.people):
        side = "agree" if number < 4 else "disagree"
        other = "disagree" if number < 4 else "agree"
        for statement, value in zip(statements, ("agree", side, other), strict=True):
            answer(place, who, statement, value)
    place.services.clock.advance(timedelta(seconds=1))
    assert opinion_maps.refresh(place.services) == 1
    assert opinion_maps.refresh(place.services) == 0
    with place.unit() as uow:
        row = uow.session.get_one(Topic, topic)
        shown = opinion_maps.view(uow, row, place.people[0])
        assert opinion_maps.view(uow, row, None)["you"] is None
    assert [group["size"] for group in shown["groups"]] == [4, 3]
    assert shown["you"]["group"] == "A"
    assert [one["text"] for one in shown["shared"]] == ["要灯"]
    assert {one["text"] for one in shown["apart"]} == {"要停车位", "要种树"}
    ids = {str(who) for who in place.people}
    assert not any(one in repr(shown) for one in ids)
    with pytest.raises(Conflict):
        place.act(moderating.hide, posts.STATEMENT, statements[0], "社区自己的")


def test_the_states_of_a_post_are_those_of_the_table(place, topic):
    comment = write(place, topic, place.people[1])
    with place.unit(place.people[1]) as uow:
        posts.withdraw(uow, place.people[1], TopicComment, comment)
    with place.unit(place.people[1]) as uow, pytest.raises(Conflict):
        posts.withdraw(uow, place.people[1], TopicComment, comment)
    with place.unit() as uow:
        assert uow.session.get_one(TopicComment, comment).state == rules.TAKEN_BACK
