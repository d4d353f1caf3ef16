"""Importing other catalogues: idempotent, and clear about what was refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from backend.cli import cli
from backend.domains.catalog import importer, service, store
from backend.domains.catalog.evaluation import evaluate
from backend.domains.catalog.model import Item, ItemVersion
from backend.kernel.ids import stable_id
from backend.kernel.services import Services
from tests.catalog_samples import sample

ROW = {
    "code": "11440000006939801C244010300100203",
    "name": "实验动物使用许可（新申请）",
    "parent": "实验动物许可",
    "catalog_code": "440103001002",
    "type": "行政许可",
    "dept": "某省科学技术厅",
    "level": "省级",
    "legal_limit": "20(工作日)",
    "promise_limit": "8(工作日)",
    "accept_standard": "申请的单位和个人。",
    "materials": ["申请书", "营业执照"],
    "location": "办理地点：某路11号",
    "consult_phone": "000-84106805；000-84106828",
    "complain_phone": "000-83163692",
    "courier": "是",
    "platform": "统一平台",
    "themes": ["其他", "教育科研"],
    "targets": ["自然人", "企业法人"],
    "url": "http://example.invalid/x",
}
NAMES_ONLY = {
    "dept": "区教科体局",
    "parent": "未分类",
    "name": "教师资格认定",
    "url": "http://example.invalid/x?areaCode=1&itemCode=511A0138600000-511602000000-000&t=1",
}


def write(tmp_path: Path, *lines: Any) -> Path:
    path = tmp_path / "rows.jsonl"
    texts = [
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    ]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_a_full_row_becomes_a_live_item(services: Services, tmp_path: Path):
    report = importer.run(services, write(tmp_path, ROW))
    assert (report.created, report.refused) == (1, [])
    with services.unit() as uow:
        version = store.live(uow.session, stable_id("item", ROW["code"]))
        assert version is not None
        content = store.content_of(version)
    assert content["legal_limit"] == {"value": 20, "unit": "workday"}
    assert content["level"] == "province"
    assert content["item_class"] == "approval"
    assert content["audience"] == "both"
    assert content["themes"] == ["jiaoyu", "qita"]
    assert content["places"][0]["address"] == "某路11号"
    assert report.warnings["material_basis_missing"] == 2
    assert report.warnings["visits_reason_missing"] == 1


def test_a_row_of_names_only_takes_its_code_from_the_address(services: Services, tmp_path: Path):
    nameless = {**NAMES_ONLY, "name": "另一件事", "url": ""}
    assert importer.run(services, write(tmp_path, NAMES_ONLY, nameless)).created == 2
    with services.unit() as uow:
        codes = uow.session.scalars(select(Item.implementation_code)).all()
    assert "511A0138600000-511602000000-000" in codes
    assert any(code.startswith("N-") for code in codes)


def test_importing_again_changes_nothing(services: Services, tmp_path: Path):
    path = write(tmp_path, ROW, NAMES_ONLY)
    importer.run(services, path)
    again = importer.run(services, path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    with services.unit() as uow:
        assert uow.session.scalar(select(func.count()).select_from(ItemVersion)) == 2


def test_a_changed_row_makes_the_next_version(services: Services, tmp_path: Path):
    importer.run(services, write(tmp_path, ROW))
    report = importer.run(services, write(tmp_path, {**ROW, "promise_limit": "5(工作日)"}))
    assert report.updated == 1
    with services.unit() as uow:
        live = store.live(uow.session, stable_id("item", ROW["code"]))
        assert live is not None
        assert live.number == 2


def test_what_staff_have_edited_is_left_alone(services: Services, tmp_path: Path):
    importer.run(services, write(tmp_path, ROW))
    item_id = stable_id("item", ROW["code"])
    with services.unit() as uow:
        live = store.live(uow.session, item_id)
        assert live is not None
        service.save_draft(uow, item_id, sample(), service.etag(live))
    report = importer.run(services, write(tmp_path, {**ROW, "promise_limit": "5(工作日)"}))
    assert (report.kept, report.updated) == (1, 0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "不是 JSON"),
        ("[1, 2]", "不是一个 JSON 对象"),
        ("[" * 100_000, "JSON 嵌套太深"),
        ('"' + "长" * 100_000 + '"', "这一行太长"),
        ({**ROW, "name": ""}, "缺少 name"),
        ({**ROW, "name": None}, "缺少 name"),
        ({**ROW, "name": 7}, "name 不是文字"),
        ({**ROW, "name": "长" * 10_000}, "name 太长"),
        ({**ROW, "dept": " "}, "缺少 dept"),
        ({**ROW, "code": "../../etc"}, "编码"),
        ({**ROW, "code": 12}, "编码"),
        ({**ROW, "code": "1" * 81}, "编码"),
        ({**ROW, "materials": "申请书"}, "materials 不是文字的列表"),
        ({**ROW, "themes": [1]}, "themes 不是文字的列表"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_comes_in(
    services: Services, tmp_path: Path, line: Any, reason: str
):
    report = importer.run(services, write(tmp_path, line, NAMES_ONLY))
    assert [(r.line, reason in r.reason) for r in report.refused] == [(1, True)]
    assert report.created == 1


def test_bytes_that_are_no_text_are_refused(services: Services, tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\xff\xfe{}\n\n" + json.dumps(NAMES_ONLY).encode())
    report = importer.run(services, path)
    assert [(r.line, r.reason) for r in report.refused] == [(1, "不是 UTF-8 文字")]
    assert report.created == 1


def test_a_code_that_comes_twice_is_taken_once(services: Services, tmp_path: Path):
    report = importer.run(services, write(tmp_path, ROW, {**ROW, "name": "别的名字"}))
    assert report.created == 1
    assert report.refused[0].reason == "编码与第1行重复"


def test_odd_values_are_shortened_or_dropped_and_told(services: Services, tmp_path: Path):
    odd = {
        **ROW,
        "name": "许\u202e可\x00 㐂𠮷",
        "accept_standard": "条" * 3000,
        "location": "路" * 500,
        "legal_limit": "很快",
    }
    report = importer.run(services, write(tmp_path, odd))
    assert report.created == 1
    assert len(report.dropped) == 3
    with services.unit() as uow:
        version = store.live(uow.session, stable_id("item", ROW["code"]))
        assert version is not None
        assert version.name == "许可 㐂𠮷"
        assert store.content_of(version)["legal_limit"] is None


def test_the_command_reports_and_shows_progress(services: Services, tmp_path: Path):
    path = write(tmp_path, ROW, "{broken")
    runner = CliRunner()
    ran = runner.invoke(cli, ["import", "items", str(path)], obj=lambda: services)
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["refused_rows"][0]["line"] == 2
    assert "importing" in ran.stderr
    target = tmp_path / "report.json"
    args = ["import", "items", str(path), "--report", str(target)]
    ran = runner.invoke(cli, args, obj=lambda: services)
    assert json.loads(ran.stdout)["unchanged"] == 1
    assert json.loads(target.read_text(encoding="utf-8"))["refused"] == 1


QUERIES = [
    {"query": "实验动物", "targets": [ROW["code"]]},
    {"query": "当老师", "targets": ["教师资格认定"]},
    {"query": "没有的东西", "targets": ["none"]},
]


def test_evaluation_measures_rank_and_time(tmp_path: Path):
    corpus = write(tmp_path, ROW, {**NAMES_ONLY, "aliases": ["当老师"]})
    queries = tmp_path / "queries.jsonl"
    queries.write_text("\n".join(json.dumps(q) for q in QUERIES), encoding="utf-8")
    figures = evaluate(corpus, queries, None)
    assert figures["n"] == 3
    assert figures["mrr@10"] == figures["recall@1"] == figures["recall@10"] == 0.6667
    assert 0 <= figures["p50_ms"] <= figures["p95_ms"]


def test_the_evaluate_command_prints_one_json_object(tmp_path: Path):
    corpus = write(tmp_path, ROW)
    queries = tmp_path / "queries.jsonl"
    queries.write_text(json.dumps(QUERIES[0]), encoding="utf-8")
    args = ["evaluate", "items", "--corpus", str(corpus), "--queries", str(queries)]
    ran = CliRunner().invoke(cli, [*args, "--no-model"])
    assert ran.exit_code == 0
    assert set(json.loads(ran.stdout)) == {
        "mrr@10",
        "recall@1",
        "recall@10",
        "p50_ms",
        "p95_ms",
        "n",
    }
    queries.write_text("{broken", encoding="utf-8")
    ran = CliRunner().invoke(cli, [*args, "--no-model"])
    assert ran.exit_code == 1
    assert "queries.jsonl:1" in ran.stderr
