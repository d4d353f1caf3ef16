"""Data files of rows, in the formats that data sets come in."""

import gzip
import json

import pytest

from backend.kernel.rows import read_rows

ROWS = [{"docid": "a", "text": "第一篇，有逗号\n还有换行"}, {"docid": "b", "text": "“第二篇”"}]
LINES = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
CELLS = 'docid,text\r\na,"第一篇，有逗号\n还有换行"\r\nb,“第二篇”\r\n'
CONTENT = {
    "rows.jsonl": LINES,
    "rows.ndjson": f"{LINES}\n\n",
    "rows.txt": LINES,
    "rows.json": json.dumps(ROWS),
    "lines.json": LINES,
    "rows.csv": CELLS,
    "dev.v2.CSV": f"\ufeff{CELLS}",
    "rows.tsv": CELLS.replace(",", "\t"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", CONTENT)
def test_every_format_gives_the_same_rows(tmp_path, name, packed):
    content = CONTENT[name].encode("utf-8")
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(content) if packed else content)
    assert list(read_rows(path)) == ROWS


def test_a_long_text_fits_in_one_cell(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(f"docid,text\na,{'长' * 200_000}\n", encoding="utf-8")
    (row,) = read_rows(path)
    assert len(row["text"]) == 200_000


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.jsonl", b'{"a": 1}\n{"a": ', "rows.jsonl:2: not JSON"),
        ("rows.jsonl", b"[1]", "rows.jsonl:1: not an object"),
        ("rows.json", b"[1]", "rows.json, entry 1: not an object"),
        ("rows.csv", "编号\n".encode("gb18030"), "rows.csv: not readable"),
        ("rows.jsonl.gz", b"not packed", "rows.jsonl.gz: not readable"),
    ],
)
def test_what_is_no_row_is_said_with_its_place(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=said):
        list(read_rows(path))
