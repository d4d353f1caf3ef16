"""Around articles: corrections with their clock, unanswered questions, usage, comparison, files."""

import io
import zipfile
from datetime import date, timedelta

import docx
import openpyxl
import pytest
from sqlalchemy import select

from backend.domains.knowledge import (
    answering,
    comparing,
    correcting_view,
    corrections,
    documents,
    editing,
    events,
    exporting,
    importing,
    misses,
    reviewing,
    service,
    usage,
    viewing,
)
from backend.domains.knowledge.model import CorrectionClock, SearchMiss
from backend.kernel.clock import moment_text
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.domains.test_knowledge_articles import ask
from tests.knowledge_world import RSJ, ZJJ, make

PAGE = {"limit": 20, "cursor": None}


@pytest.fixture
def base(services):
    return make(services)


@pytest.fixture
def heard(services):
    found = []
    for kind in (events.CorrectionAsked, events.CorrectionDue, events.CorrectionAnswered):
        services.events.subscribe(kind, lambda uow, event: found.append(event))
    return found


def test_a_correction_is_answered_within_two_working_days(base, heard):
    base.services.clock.advance(timedelta(days=4))  # Friday
    article = base.publish()
    row = base.act("operator", corrections.ask, article, "金额是1800元", "每月1500元")
    (asked,) = heard
    assert moment_text(asked.due_at) == "12月1日（周二）18:00", "the weekend does not count"
    with pytest.raises(Conflict):
        base.act("operator", corrections.ask, article, "再提一次", "")
    assert base.act("operator2", corrections.ask, article, "我也看到了", "")
    base.services.clock.set(asked.due_at + timedelta(minutes=1))
    base.services.timers.fire_due(base.services)
    assert [one.overdue for one in heard if isinstance(one, events.CorrectionDue)].count(True) == 2
    (shown,) = base.act("operator", correcting_view.page, state="open", **PAGE)["items"]
    assert (shown["light"], shown["quote"]) == ("red", "每月1500元")
    done = base.act("author", corrections.answer, row.id, corrections.Answer(True, "已改"))
    assert (done.state, done.draft_number) == ("accepted", 2)
    (draft, live) = base.versions(article)
    assert (draft.state, live.state) == ("draft", "published")
    assert "1800" in draft.change_note


def test_a_correction_answered_in_time_stops_its_clock(base, heard):
    article = base.publish()
    row = base.act("operator", corrections.ask, article, "电话变了", "")
    with pytest.raises(Invalid):
        base.act("author", corrections.answer, row.id, corrections.Answer(False, ""))
    base.act("author", corrections.answer, row.id, corrections.Answer(False, "电话没有变"))
    base.services.clock.advance(timedelta(days=5))
    base.services.timers.fire_due(base.services)
    assert [type(one).__name__ for one in heard] == ["CorrectionAsked", "CorrectionAnswered"]
    with base.services.unit() as uow:
        assert uow.session.scalars(select(CorrectionClock.outcome)).all() == ["met"]
    with pytest.raises(Conflict):
        base.act("author", corrections.answer, row.id, corrections.Answer(True, ""))


def test_only_the_department_answers_and_only_the_asker_and_it_see_a_correction(base):
    article = base.publish()
    row = base.act("operator", corrections.ask, article, "有误", "")
    given = corrections.Answer(True, "好")
    for who in ("elsewhere", "operator2"):
        with pytest.raises(NotFound):
            base.act(who, corrections.answer, row.id, given)
        assert base.act(who, correcting_view.page, state="", **PAGE)["items"] == []
    for who in ("operator", "centre"):
        with pytest.raises(Forbidden):
            base.act(who, corrections.answer, row.id, given)
        assert len(base.act(who, correcting_view.page, state="", **PAGE)["items"]) == 1
    assert base.act("operator2", viewing.show, article)["corrections"] == []


def asked(base, query, who="operator"):
    found = base.act(who, answering.for_staff, query)
    answering.note_staff_miss(base.services, query, found, base.people[who])
    return found


def test_what_nothing_answers_is_listed_and_filled(base):
    deep = ask("电动车上牌去哪里", deep=True)
    for _ in range(2):
        assert asked(base, deep)["total"] == 0
    (row,) = base.act("author", misses.page, state="open", **PAGE)["items"]
    assert (row["words"], row["count"]) == ("电动车上牌去哪里", 2)
    article = base.act("author", misses.fill, row["id"], RSJ, "")
    assert base.versions(article.id)[0].title == "电动车上牌去哪里"
    assert base.act("author", misses.page, state="open", **PAGE)["items"] == []
    assert base.act("elsewhere", misses.page, state="filled", **PAGE)["items"] == []
    asked(base, deep)
    assert base.act("author", misses.page, state="open", **PAGE)["items"][0]["count"] == 3


def test_a_dismissed_question_stays_dismissed(base):
    with base.services.unit() as uow:
        service.missed(uow, "你们几点下班", "public")
    (row,) = base.act("author", misses.page, state="open", **PAGE)["items"]
    base.act("centre", misses.dismiss, row["id"], "不是业务问题")
    with base.services.unit() as uow:
        service.missed(uow, "你们几点下班", "public")
    assert base.act("author", misses.page, state="open", **PAGE)["items"] == []
    with pytest.raises(Conflict):
        base.act("author", misses.fill, row["id"], RSJ, "")


def test_half_a_word_is_no_question_and_personal_numbers_are_not_kept(base):
    asked(base, ask("没有的"))
    asked(base, ask("我叫王兰13800001234", deep=True))
    with base.services.unit() as uow:
        assert uow.session.scalars(select(SearchMiss)).all() == []


def test_old_questions_are_forgotten(base):
    with base.services.unit() as uow:
        service.missed(uow, "旧问题", "public")
    base.services.clock.advance(timedelta(days=181))
    misses.purge(base.services)
    with base.services.unit() as uow:
        assert uow.session.scalars(select(SearchMiss)).all() == []


def test_uses_are_counted_by_day_and_frequent_ones_come_first(base):
    rare, often = base.publish(title="少见的"), base.publish(title="常见的")
    inner = base.publish(title="内部的", audience="internal")
    with base.services.unit() as uow:
        version = service.live(uow, often).version_id
        for _ in range(3):
            service.used(uow, often, version, service.INSERTED, "internal")
        service.used(uow, often, version, "viewed", "public")
        service.used(uow, inner, service.live(uow, inner).version_id, "viewed", "internal")
    today = date(2026, 11, 23)
    rows = base.act("operator", usage.report, today, today)
    assert [(row["title"], row["inserted"]) for row in rows] == [("常见的", 3), ("内部的", 0)]
    rows = base.act("elsewhere", usage.report, today, today)
    assert [row["title"] for row in rows] == ["常见的"]
    with base.services.unit() as uow:
        assert [one["id"] for one in service.frequent(uow, 10)] == [often, rare]


def test_feedback_counts_and_notes_what_did_not_help(base):
    article = base.publish()
    inner = base.publish(title="内部的", audience="internal")
    with base.services.unit() as uow:
        body = {"query": "失业金", "kind": "article", "id": article, "helpful": False}
        answering.feedback(uow, body, "1.1.1.1")
        with pytest.raises(NotFound):
            answering.feedback(uow, body | {"id": inner}, "1.1.1.1")
    assert base.act("author", viewing.show, article)["usage"]["unhelpful"] == 1
    assert base.act("author", misses.page, state="open", **PAGE)["items"][0]["words"] == "失业金"


def test_two_versions_are_compared_word_by_word(base):
    article = base.publish()
    base.save(
        article, public_text="## 办理条件\n\n缴费满一年，非本人意愿中断就业。\n\n每月1800元。"
    )
    base.publish(article)
    shown = base.act("operator", comparing.compare, article, (2, 2))
    assert not any(field["changed"] for field in shown["fields"])
    with pytest.raises(NotFound):
        base.act("operator", comparing.compare, article, (1, 2))
    shown = base.act("author", comparing.compare, article, (1, 2))
    (text,) = [field for field in shown["fields"] if field["changed"]]
    assert {(one["op"], one["text"]) for one in text["parts"] if one["op"] != "same"} == {
        ("del", "1500"), ("add", "1800"),
    }  # fmt: skip


def test_the_parts_of_a_comparison_hold_both_texts():
    before, after = "第一行\n第二行不变\n第三行", "第一行改\n第二行不变\n新的一行\n"
    parts = comparing.parts(before, after)
    assert "".join(one["text"] for one in parts if one["op"] != "add") == before
    assert "".join(one["text"] for one in parts if one["op"] != "del") == after
    long = "长句子很多" * 4000
    assert [one["op"] for one in comparing.parts(long, long + "完")] == ["del", "add"]


JSONL = """{"title": "导入一", "public_text": "内容一", "category_code": "供水"}
{"title": "导入二", "public_text": "内容二", "audience": "绝密"}
不是 JSON
{"title": "导入一", "public_text": "重复"}
{"标题": "导入三", "内容": "内容三", "关键词": "甲、乙", "失效日期": "2027年3月1日"}
{"title": "", "public_text": "没有标题"}
{"title": "过期的", "public_text": "x", "expires_on": "2020-01-01"}
[1]
"""


def take(base, raw, name, *, dry_run=False, who="author", department=RSJ):
    return base.act(who, importing.run, raw, name, department_id=department, dry_run=dry_run)


@pytest.mark.requirement("card.07")
def test_an_import_tells_each_refusal_by_row_and_reason(base):
    dry = take(base, JSONL.encode(), "a.jsonl", dry_run=True)
    report = take(base, JSONL.encode(), "a.jsonl")
    assert len(report["article_ids"]) == 2
    assert dry == report | {"dry_run": True, "article_ids": []}
    assert report["titles"] == ["导入一", "导入三"]
    assert [one["row"] for one in report["refused"]] == [2, 3, 4, 6, 7, 8]
    assert all(one["reason"] for one in report["refused"])
    again = take(base, JSONL.encode(), "a.jsonl")
    assert again["accepted"] == 0, "the same file twice makes nothing twice"
    with pytest.raises(Invalid):
        take(base, JSONL.encode(), "a.jsonl", department=ZJJ)


def test_markdown_word_and_excel_are_read(base):
    markdown = "---\n标题: 供水抢修\n分类: 供水\n关键词: [停水, 抢修]\n---\n## 电话\n\n拨 12345"
    assert take(base, markdown.encode(), "a.md")["titles"] == ["供水抢修"]
    assert take(base, "# 没有头\n\n正文".encode(), "b.md")["titles"] == ["没有头"]
    word = docx.Document()
    word.add_heading("公租房申请", 0)
    table = word.add_table(2, 2)
    for row, (key, value) in zip(
        table.rows, (("文号", "岭建〔2026〕1号"), ("分类", "住房保障")), strict=True
    ):
        row.cells[0].text, row.cells[1].text = key, value
    word.add_heading("条件", 1)
    word.add_paragraph("本区户籍")
    fees = word.add_table(2, 2)
    fees.rows[0].cells[0].text, fees.rows[1].cells[1].text = "面积", "60"
    out = io.BytesIO()
    word.save(out)
    assert take(base, out.getvalue(), "c.docx")["titles"] == ["公租房申请"]
    book = openpyxl.Workbook()
    book.active.append(["标题", "内容", "生效日期", "备注"])
    book.active.append(["表格一", "内容一", date(2026, 1, 1), "无"])
    book.active.append([None, "没有标题", None, None])
    out = io.BytesIO()
    book.save(out)
    report = take(base, out.getvalue(), "d.xlsx")
    assert (report["titles"], report["refused"][0]["row"]) == (["表格一"], 3)
    with base.services.unit() as uow:
        page = {"limit": 50, "cursor": None, "q": "公租房"}
        from backend.domains.knowledge import listing

        (row,) = listing.page(uow, base.people["author"], page)["items"]
    version = base.versions(row["id"])[0]
    assert version.document_number == "岭建〔2026〕1号"
    assert version.public_text.startswith("# 条件\n\n本区户籍\n\n| 面积 |")


def bomb(name="word/document.xml", size=80_000_000):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, b" " * size)
    return out.getvalue()


def package(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        for name, body in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (bomb(), "a.docx"), (bomb("xl/workbook.xml"), "a.xlsx"), (b"PK\x03\x04xxxx", "a.docx"),
        (package(other_xml="<a/>"), "a.docx"),
        (package(word__document_xml="<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "a.docx"),
        (package(word__document_xml="<a/>", word__vbaProject="x"), "a.docx"),
        (package(word__document_xml="<a/>"), "a.docx"),
        (b"\xff\xfe\x00", "a.jsonl"), (b"x", "a.exe"), (b"x", "noending"),
        ("---\na: &x [1]\nb: *x\n---\n正文".encode(), "a.md"), (b"---\n: [\n---\n", "a.md"),
        (b"{}\n" * 2001, "a.jsonl"),
    ],
)  # fmt: skip
def test_files_that_mean_harm_or_are_none_are_refused(base, raw, name):
    with pytest.raises(Invalid):
        take(base, raw, name)


def test_attachments_are_what_their_bytes_are(base):
    assert documents.clean(io.BytesIO(b"%PDF-1.7\nabc")).media_type == documents.PDF
    for raw in (b"", b"%PDF-1.7 /JavaScript", b"MZ exe", bomb(), b"x" * (10 * 1024 * 1024 + 1)):
        with pytest.raises(Invalid):
            documents.clean(io.BytesIO(raw))


def attach(base, article, audience, who="author"):
    principal = base.people[who]
    with base.services.unit(principal.actor) as uow:
        body = f"%PDF-1.7 {article} {audience}".encode()
        row = documents.upload(uow, io.BytesIO(body))
    version = base.versions(article)[0]
    with base.services.unit() as uow:
        from backend.domains.knowledge import store

        before = [(one.file_id, one.name, one.audience) for one in store.files(uow, [version.id])]
    tag = editing.etag(base.article(article))
    files = (*before, (row.id, f"{audience}.pdf", audience))
    base.act("author", editing.save, article, editing.Draft({}, None, files), tag)
    return row.id


def test_internal_attachments_never_leave_the_house(base):
    article = base.write()
    public, inner = attach(base, article, "public"), attach(base, article, "internal")

    def resident(file_id):
        with base.services.unit() as uow:
            return documents.for_residents(uow, article, file_id).id

    with pytest.raises(NotFound):
        resident(public)
    with pytest.raises(NotFound):
        base.act("operator", documents.for_staff, article, public)
    base.publish(article)
    assert resident(public) == public
    with pytest.raises(NotFound):
        resident(inner)
    assert base.act("operator", documents.for_staff, article, inner).id == inner
    with pytest.raises(NotFound):
        base.act("elsewhere", documents.for_staff, article, inner)
    files = base.act("elsewhere", viewing.show, article)["live"]["files"]
    assert [one["id"] for one in files] == [public]
    other = base.write(title="别的文章")
    with pytest.raises(Invalid):
        attach_foreign(base, other, inner)


def attach_foreign(base, article, file_id):
    tag = editing.etag(base.article(article))
    draft = editing.Draft({}, None, ((file_id, "x", "public"),))
    base.act("author2", editing.save, article, draft, tag)


def test_an_export_holds_what_is_in_sight_and_runs_nothing(base):
    base.publish(title="=HYPERLINK(1)", public_text="+cmd")
    base.publish(title="内部的", audience="internal")
    base.write(title="草稿")
    query = {"format": "xlsx"}
    book = openpyxl.load_workbook(io.BytesIO(base.act("operator", exporting.make, query)))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[3] for row in rows] == ["标题", "'=HYPERLINK(1)", "内部的"]
    assert rows[1][5] == "'+cmd"
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    lines = base.act("elsewhere", exporting.make, {"format": "jsonl"}).decode()
    assert "内部的" not in lines
    assert "草稿" not in lines
    assert "社保经办科" not in lines
    package = zipfile.ZipFile(io.BytesIO(base.act("operator", exporting.make, {"format": "md"})))
    assert len(package.namelist()) == 2
    again = take(base, base.act("operator", exporting.make, {"format": "jsonl"}), "x.jsonl")
    assert [one["reason"] for one in again["refused"]] == ["已有同名的文章"] * 2


def test_a_reviewer_who_took_part_is_told_so_in_words(base):
    article = base.write()
    base.act("author", reviewing.submit, article)
    base.act("head", reviewing.approve, article)
    head = base.people["head"]
    both = type(head)(head.actor, grants=(*head.grants, *base.people["centre"].grants))
    with base.services.unit(head.actor) as uow, pytest.raises(Forbidden) as caught:
        reviewing.approve(uow, both, article)
    assert "同一个人" in caught.value.detail
