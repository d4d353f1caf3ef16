"""What the documents say is so: settings, commands, requirements, personal data, diagrams."""

import ast
import csv
import re

from sqlalchemy import LargeBinary

from backend.migrations.tables import all_metadata
from tests.house.tree import ROOT, named, text


def settings_read() -> set[str]:
    """The names `backend/config.py` reads."""
    return set(
        re.findall(r'env\.(?:str|int|float|bool|list)\(\s*"([A-Z_]+)"', text("backend/config.py"))
    )


def test_the_example_of_settings_lists_every_one_and_nothing_else() -> None:
    listed = re.findall(r"^#? ?([A-Z][A-Z_]+)=", text(".env.example"), re.MULTILINE)
    # Read by gunicorn's own file, before there is an application.
    doors = set(re.findall(r'environ\.get\("([A-Z_]+)"', text("backend/gunicorn_conf.py")))
    assert len(listed) == len(set(listed)), "a setting is listed twice"
    assert settings_read() <= set(listed)
    assert set(listed) <= settings_read() | doors


def test_every_setting_is_explained_above_it() -> None:
    lines = text(".env.example").splitlines()
    block_starts = [
        number for number, line in enumerate(lines)
        if "=" in line and not line.startswith("#") and (number == 0 or not lines[number - 1].strip())
    ]  # fmt: skip
    assert not [lines[number] for number in block_starts]


def test_the_example_as_it_stands_is_refused_by_production_with_names() -> None:
    import pytest

    from backend import config

    values = dict(re.findall(r"^([A-Z][A-Z_]+)=(.*)$", text(".env.example"), re.MULTILINE))
    with pytest.raises(config.SettingsError, match="PRIVACY_KEYS"):
        config.load(values)
    assert config.load({**values, "ENVIRONMENT": "demo"}).port == 8000


def test_nothing_but_the_settings_reads_the_environment() -> None:
    allowed = (
        "backend/config.py",
        "backend/gunicorn_conf.py",
        "backend/demo/",
        "backend/embedded/",
    )
    wrong = [
        str(path)
        for path in named(".py", under=("backend", "appointments", "notifications"))
        if re.search(r"os\.(?:environ(?:\.get|\[)|getenv)", text(path))
        and not str(path).startswith(allowed)
    ]
    assert not wrong, wrong


def test_both_readmes_show_the_two_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert (ROOT / name).is_file(), name
        content = text(name)
        assert "make run" in content
        assert "make test" in content


def test_links_between_documents_lead_somewhere() -> None:
    wrong = []
    for path in named(".md"):
        if path.parts[0] in ("console", "miniprogram", "weapp-check"):
            continue
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text(path)):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (ROOT / path.parent / target).exists():
                wrong.append(f"{path}: {target}")
    assert not wrong, wrong


def test_every_requirement_a_test_claims_exists() -> None:
    with (ROOT / "docs" / "requirements.tsv").open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file, delimiter="\t")}
    claimed = {}
    for path in named(".py", under=("tests",)):
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.requirement"):
                for argument in node.args:
                    claimed[ast.literal_eval(argument)] = str(path)
    assert not {one: path for one, path in claimed.items() if one not in known}


def test_every_test_file_and_function_is_one_that_pytest_runs() -> None:
    wrong = []
    for path in named(".py", under=("tests",)):
        tree = ast.parse(text(path))
        tests = [
            n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test")
        ]
        if tests and not path.name.startswith("test_"):
            wrong.append(str(path))
        names = [node.name for node in tests]
        wrong += [f"{path}: {one} twice" for one in names if names.count(one) > 1]
    assert not wrong, wrong


PERSONAL = re.compile(
    r"_sealed$|^sealed$|fingerprint|person_(?:id|key)$|phone|openid|id_number|_hash$"
    r"|^nonce_key$|username|staff_(?:id|name)$|actor_(?:id|name)$|owner_id$|principal_id$|comment$"
    r"|^payload$|^details$|public_text|internal_text|^body$|last_error"
)
# What looks personal by its name or type and is not, with the reason.
IMPERSONAL = {
    "idempotency_key.body_hash": "plain hash, forgotten after a day; listed with the key",
    "item_version.content_hash": "of a service guide",
    "item_version.vectors": "of a service guide",
    "trace_entry.hash": "over the entry", "trace_entry.previous_hash": "over the entry",
    "trace_checkpoint.digest": "over entries",
    "appointment.qr_nonce": "random",
    "hall.phone": "of an office",
    "delivery_event.text": "a provider's words",
    "outbox.last_error": "a provider's words",
    "wechat_push.last_error": "an error's words",
    "wechat_push.nonce_key": "a hash of the push's own random number",
    "timer.last_error": "an error's words, masked",
    "timer.payload": "what the handler needs to know of the matter, no person",
    "vote.public_key": "of the vote", "vote.private_sealed": "the vote's own key",
    "roll.root": "over the roll", "vote_log.ballots_peaks": "over the log",
    "vote_log.receipts_peaks": "over the log", "vote_log.pending_public": "of a batch",
    "ballot.leaf": "over a salted line that is published", "ballot.attempt": "random, salted",
    "ballot.mark": "keyed, tells nothing without its key",
    "ballot_paper_entry.leaf": "as the ballot's", "ballot_paper_entry.attempt": "as the ballot's",
    "ballot_paper_entry.mark": "as the ballot's",
    "ballot_paper_entry.ballot_mark": "as the ballot's",
    "trace_entry.public_text": "readable with the query code alone, so by rule without a person",
}  # fmt: skip


def columns() -> dict[str, object]:
    return {
        f"{table.name}.{column.name}": column
        for metadata in all_metadata()
        for table in metadata.sorted_tables
        for column in table.columns
    }


def listed() -> set[str]:
    return set(re.findall(r"^\| `(\w+\.\w+)`", text("docs/data-inventory.md"), re.MULTILINE))


def test_every_personal_column_is_in_the_data_inventory() -> None:
    wanted = {
        name
        for name, column in columns().items()
        if isinstance(column.type, LargeBinary) or PERSONAL.search(column.name)
    }
    missing = wanted - listed() - set(IMPERSONAL)
    assert not missing, sorted(missing)


def test_the_data_inventory_names_no_column_that_is_gone() -> None:
    assert not listed() - set(columns())
    assert not set(IMPERSONAL) - set(columns())


def test_every_row_of_the_inventory_says_purpose_basis_and_retention() -> None:
    rows = re.findall(r"^\| `\w+\.\w+` \|.*$", text("docs/data-inventory.md"), re.MULTILINE)
    assert rows
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 6, row
        assert all(cells), row
