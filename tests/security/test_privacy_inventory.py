"""The data inventory names every table, and every column that looks like personal data."""

import re
from pathlib import Path

from sqlalchemy import LargeBinary

from backend.migrations.tables import all_metadata

PAGE = (Path(__file__).parents[2] / "docs" / "data-inventory.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| `")]
LISTED = {row[0].strip(" `") for row in ROWS}
FREE = set(re.findall(r"`(\w+)`", PAGE.partition("## Tables without")[2].partition("## When")[0]))
TELLING = re.compile(
    r"sealed|fingerprint|phone|openid|id_number|comment|person_|staff_|owner_id|actor_"
    r"|principal_id|username|password|totp_(?!last)|granted_by|published_by|purpose$"
)
# Names that look telling and are not: a hall's own phone, a file's purpose, a code's purpose.
HARMLESS = {"hall.phone", "stored_file.purpose", "sms_code.purpose", "staff_account.password_changed_at",
            "staff_account.must_change_password", "trace_entry.actor_kind",
            "trace_entry.actor_role", "idempotency_key.body_hash", "trace_entry.hash",
            "trace_entry.previous_hash", "trace_checkpoint.digest",
            "item_version.content_hash", "item_version.vectors", "comment_like.comment_id"}  # fmt: skip

TABLES = {table.name: table for metadata in all_metadata() for table in metadata.sorted_tables}


def test_every_table_is_classified():
    with_data = {name.partition(".")[0] for name in LISTED}
    assert set(TABLES) - with_data - FREE == set()
    assert with_data & FREE == set()
    assert (with_data | FREE) - set(TABLES) == set()


def test_every_telling_column_is_listed_with_purpose_basis_and_retention():
    telling = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        if table.name not in FREE
        for column in table.columns
        if TELLING.search(column.name) or isinstance(column.type, LargeBinary)
    }
    assert telling - HARMLESS - LISTED == set()
    assert all(len(row) == 6 and all(cell.strip() for cell in row) for row in ROWS)


def test_nothing_is_listed_that_is_gone():
    known = {f"{table.name}.{column.name}" for table in TABLES.values() for column in table.columns}
    assert LISTED - known == set()
