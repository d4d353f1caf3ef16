"""Quality measured from the files of a data set, by the commands that promise it."""

import csv
import gzip
import json

import pytest
from click.testing import CliRunner

from backend.cli import cli

FIGURES = ["n", "mrr@10", "recall@1", "recall@10", "p50_ms", "p95_ms", "index_seconds"]
CORPUS = [
    {"docid": "a", "text": "广州市居住证办法 居住满半年可以申领居住证。"},
    {"source": "x", "text": "广州市停车收费办法 白天每小时五元。", "docid": "b"},
]
QUERIES = [
    {"docid": "a", "question": "住多久可以申领居住证？", "doc_available": True},
    {"doc_available": "True", "answer": "五元", "question": "停车一小时多少钱？", "docid": "b"},
    {"docid": "c", "question": "不在其中", "doc_available": False},
]
LETTERS = [
    {"id": "t1", "title": "路灯不亮", "question": "晚上很黑", "reply": "网友您好！路灯已修复。"},
    {"reply": "网友您好！公交线路将加密。", "complete": None, "title": "公交太少", "id": "t2"},
]


@pytest.fixture
def write(tmp_path):
    def written(name: str, rows: list[dict]) -> str:
        path = tmp_path / name
        if ".csv" in name:
            with path.open("w", encoding="utf-8", newline="") as handle:
                table = csv.DictWriter(handle, list({key: None for row in rows for key in row}))
                table.writeheader()
                table.writerows(rows)
        else:
            path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
        if name.endswith(".gz"):
            path.write_bytes(gzip.compress(path.read_bytes()))
        return str(path)

    return written


def measured(what: str, corpus: str, queries: str) -> dict:
    asked = ["evaluate", what, "--corpus", corpus, "--queries", queries, "--no-model"]
    run = CliRunner().invoke(cli, asked)
    assert run.exit_code == 0, run.output
    found: dict = json.loads(run.stdout)
    assert list(found) == FIGURES
    return found


@pytest.mark.parametrize("kind", ["jsonl", "csv", "jsonl.gz", "csv.gz"])
def test_questions_whose_document_is_there_are_measured(write, kind):
    found = measured("knowledge", write(f"corpus.{kind}", CORPUS), write(f"dev.{kind}", QUERIES))
    assert (found["n"], found["mrr@10"], found["recall@10"]) == (2, 1.0, 1.0)


def test_a_question_for_a_document_that_is_not_there_is_left_out_and_said(write):
    run = CliRunner().invoke(
        cli,
        [
            "evaluate", "knowledge", "--no-model", "--corpus", write("c.jsonl", CORPUS[:1]),
            "--queries", write("q.jsonl", QUERIES),
        ],
    )  # fmt: skip
    assert json.loads(run.stdout)["n"] == 1
    assert "left out: 1" in run.stderr


def test_letters_and_replies_may_be_one_file_or_two(write):
    both = write("letters.jsonl", LETTERS)
    assert measured("replies", both, both)["recall@1"] == 1.0
    other = write(
        "queries.csv", [{"title": one["title"], "id": one["id"]} for one in LETTERS[::-1]]
    )
    assert measured("replies", both, other)["recall@1"] == 1.0


def test_letters_without_ids_are_matched_by_their_place(write):
    plain = [{"reply": one["reply"], "title": one["title"]} for one in LETTERS]
    path = write("letters.jsonl", plain)
    assert measured("replies", path, path)["recall@1"] == 1.0


def test_a_missing_field_is_named(write):
    path = write("letters.jsonl", [{"id": "t1", "title": "路灯不亮"}])
    run = CliRunner().invoke(cli, ["evaluate", "replies", "--corpus", path, "--queries", path])
    assert run.exit_code == 1
    assert "letters.jsonl: a row without reply" in run.output
