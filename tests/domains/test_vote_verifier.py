"""The verifier, which shares no code with the platform, agrees with it and finds what is wrong."""

import base64
import io
import json
import random
import subprocess
import sys
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domains.deliberation.kind_rules import (
    AGREE,
    MULTIPLE,
    OPPOSE,
    PROJECTS,
    RANKED,
    SINGLE,
)
from tests.house.tree import ROOT
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from tests.votes_world import World, plans
from verifier import __main__ as verifier
from verifier import bundle, checks, counting, ed25519


def read(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        return {name: files.read(name) for name in files.namelist()}


def findings(files: dict[str, bytes]) -> checks.Case:
    return checks.run(checks.opened(bundle.checked(files)))


def open_vote(world: World) -> tuple[object, dict[str, bytes]]:
    owners = world.owners(12)
    vote_id = world.opened()
    for party in owners[:8]:
        world.cast(vote_id, party, AGREE)
    world.seal()
    for party in owners[6:9]:
        world.cast(vote_id, party, OPPOSE)
    world.finish(vote_id)
    return vote_id, read(world.bundle(vote_id))


def test_signatures_are_checked_as_rfc_8032_says() -> None:
    rng = random.Random(1)
    for size in (0, 1, 64, 1000):
        key, body = Ed25519PrivateKey.generate(), rng.randbytes(size)
        public, signed = key.public_key().public_bytes_raw(), key.sign(body)
        assert ed25519.verified(public, body, signed)
        assert not ed25519.verified(public, body + b"x", signed)
        assert not ed25519.verified(public, body, signed[:32] + bytes(32))
        assert not ed25519.verified(bytes(31) + b"\x01", body, signed)
        raised = int.from_bytes(signed[32:], "little") + ed25519.ORDER
        assert not ed25519.verified(public, body, signed[:32] + raised.to_bytes(32, "little"))
    assert not ed25519.verified(b"", b"", b"")
    assert ed25519.decoded(b"\xff" * 32) is None
    assert ed25519.decoded((1).to_bytes(32, "little")[:31] + b"\x80") is None


@pytest.mark.parametrize(
    ("kind", "draft", "choices"),
    [
        ("survey", plans(SINGLE), ["a", "b", "b", "a"]),
        ("survey", plans(MULTIPLE), ["a", "ab", "bc", "c"]),
        ("survey", plans(RANKED), ["ab", "ba", "cb", "cb"]),
        ("survey", plans(RANKED), ["a", "a", "bc", "cb"]),
        ("survey", plans(RANKED, "abcd"), ["a", "a", "a", "b", "cb", "db"]),
        ("budget", plans(PROJECTS, costs={"a": 60, "b": 50, "c": 50}, budget_cents=100),
         ["ab", "c", "b", "a"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_it_counts_every_kind_of_ballot_alike(vote_world, kind, draft, choices, secrecy) -> None:
    world = vote_world
    owners = world.owners(15)
    vote_id = world.opened(kind, draft=draft, secrecy=secrecy)
    for place, party in enumerate(owners[:12]):
        world.cast(vote_id, party, *choices[place % len(choices)])
    world.finish(vote_id)
    case = findings(read(world.bundle(vote_id)))
    assert not case.bad
    assert "重新计票，结果和公布的一样" in case.good


def test_an_honest_vote_has_no_findings_and_its_receipts_are_there(vote_world) -> None:
    world = vote_world
    owners = world.owners(40)
    vote_id = world.opened("matter", secrecy="secret")
    cast = [world.cast(vote_id, party, AGREE, nonce=f"{n:032x}") for n, party in enumerate(owners)]
    world.seal()
    world.finish(vote_id)
    case = findings(read(world.bundle(vote_id)))
    for one in cast:
        checks.receipt(case, one.receipt.lower().replace("0", "o"))
    checks.nonce(case, f"{7:032x}")
    assert not case.bad
    assert "找到您的选票，记录的是：同意" in case.good
    checks.receipt(case, "ZZZZ-ZZZZ-ZZZZ")
    checks.nonce(case, "ff")
    assert len(case.bad) == 2


def test_too_few_in_secret_are_not_published_and_it_says_so(vote_world) -> None:
    world = vote_world
    owners = world.owners(20)
    vote_id = world.opened("matter", secrecy="secret")
    for party in owners[:9]:
        world.cast(vote_id, party, AGREE)
    world.finish(vote_id)
    files = read(world.bundle(vote_id))
    assert files["ballots.jsonl"] == b""
    assert b"agree" not in files["result.json"]
    case = findings(files)
    assert not case.bad
    assert "参加的人确实少于公布结果所需的人数" in case.good


def test_it_runs_by_itself_with_nothing_but_python(vote_world, tmp_path: Path) -> None:
    world = vote_world
    vote_id, files = open_vote(world)
    (tmp_path / "bundle.zip").write_bytes(world.bundle(vote_id))
    notes = files["checkpoints.txt"].decode().split("\nhuying-vote/")
    (tmp_path / "kept.txt").write_text(f"huying-vote/{notes[1]}", encoding="utf-8")
    key = files["key.txt"].decode().strip()
    command = [sys.executable, "-I", "-c",
               f"import sys; sys.path.insert(0, {str(ROOT)!r});"
               "from verifier.__main__ import main; code = main(sys.argv[1:]);"
               "ours = [n for n in sys.modules if n.split('.')[0] in ('backend','cryptography')];"
               "sys.exit(code or len(ours))"]  # fmt: skip
    done = subprocess.run(
        [*command, "bundle.zip", "--checkpoint", "kept.txt", "--key", key],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "结论：没有发现问题。" in done.stdout
    assert "您保存的检查点和公布的一致" in done.stdout


def test_the_command_line_says_what_is_wrong(vote_world, tmp_path: Path, capsys) -> None:
    _, files = open_vote(vote_world)
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    (tmp_path / "result.json").write_bytes(
        files["result.json"].replace(b':"passed"', b':"not_passed"')
    )
    assert verifier.main([str(tmp_path), "--key", "other", "--receipt", "x", "--nonce", "1"]) == 1
    shown = capsys.readouterr().out
    assert "重新计票，结果和公布的不一样" in shown
    assert "公钥和您手上的不一致" in shown
    assert verifier.main([str(tmp_path / "nothing.zip")]) == 1
    assert "找不到文件" in capsys.readouterr().out
    (tmp_path / "more.txt").write_bytes(b"")
    assert verifier.main([str(tmp_path)]) == 1
    assert "多出文件" in capsys.readouterr().out


def test_a_kept_text_that_is_no_checkpoint_is_said_to_be_none(vote_world) -> None:
    _, files = open_vote(vote_world)
    case = findings(files)
    checks.kept(case, "nothing")
    assert case.bad == ["您保存的检查点格式不对"]


def rows(body: bytes) -> list[dict]:
    return [json.loads(line) for line in body.splitlines()]


def written(*values: dict) -> bytes:
    return b"".join(bundle.canonical(value) + b"\n" for value in values)


def hostile(files: dict[str, bytes]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Bundles somebody made to break the program, not to pass."""
    (vote,), (result,) = rows(files["vote.json"]), rows(files["result.json"])
    ballots, receipts = rows(files["ballots.jsonl"]), rows(files["receipts.jsonl"])
    roll = rows(files["roll.jsonl"])

    def with_(name: str, *values: dict) -> dict[str, bytes]:
        return {**files, name: written(*values)}

    many = [{"code": str(n), "text": "x", "cost_cents": None} for n in range(20_000)]
    yield "many options", with_("vote.json", {**vote, "options": many})
    for name in vote:
        for value in (None, [], {}, -1, "x", [[1]], {"a": {}}):
            yield f"vote.{name}={value}", with_("vote.json", {**vote, name: value})
    for name in result:
        for value in (None, [], {}, -1, [{}]):
            yield f"result.{name}={value}", with_("result.json", {**result, name: value})
    for value in (None, [], {}, -1, 0, 10**4000, "1"):
        for name in ballots[0]:
            lines = [{**ballots[0], name: value}, *ballots[1:]]
            yield f"ballot.{name}", with_("ballots.jsonl", *lines)
        for name in receipts[0]:
            lines = [{**receipts[0], name: value}, *receipts[1:]]
            yield f"receipt.{name}", with_("receipts.jsonl", *lines)
        for name in roll[0]:
            yield f"roll.{name}", with_("roll.jsonl", {**roll[0], name: value}, *roll[1:])
    yield "no roll", with_("roll.jsonl")
    yield "a seat twice", with_("roll.jsonl", roll[0], roll[0])
    for body in (b'{"a":NaN}\n', b'{"a":1e999}\n', b'{"a":1,"a":2}\n', b"[" * 99_999 + b"\n",
                 b'{"a":' + b"9" * 9999 + b"}\n", b'{"a":"\\ud800"}\n', b"\xff\n", b"null\n"):  # fmt: skip
        for name in ("vote.json", "roll.jsonl", "ballots.jsonl", "receipts.jsonl", "result.json"):
            yield f"{name}: {body[:20]!r}", {**files, name: body}
    for body in (b"", b"\xff", b"huying-vote/\n\n", files["checkpoints.txt"] * 2,
                 files["checkpoints.txt"].replace(b"\n0\n", b"\n-9\n", 1)):  # fmt: skip
        yield f"checkpoints: {body[:20]!r}", {**files, "checkpoints.txt": body}
    for body in (b"", b"AAAA\n", b"\xff", base64.b64encode(bytes(32)) + b"\n"):
        yield f"key: {body[:20]!r}", {**files, "key.txt": body}


def test_a_bundle_made_to_break_it_ends_with_a_clear_word_and_never_a_crash(
    vote_world, tmp_path: Path, capsys
) -> None:
    _, files = open_vote(vote_world)
    for what, made in hostile(files):
        for name, body in made.items():
            (tmp_path / name).write_bytes(body)
        code = verifier.main(
            [str(tmp_path), "--receipt", "7F3K", "--nonce", "00", "--checkpoint", "nothing"]
        )
        assert (code, "这份材料不可信" in capsys.readouterr().out) == (1, True), what


@pytest.mark.parametrize("made", ["bomb", "twice", "outside", "cut", "locked", "text", "many"])
def test_a_zip_made_to_break_it_is_refused_and_writes_nothing(
    vote_world, tmp_path: Path, capsys, monkeypatch, made
) -> None:
    world = vote_world
    vote_id, _ = open_vote(world)
    body = world.bundle(vote_id)
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        warnings.simplefilter("ignore")
        for name, part in read(body).items():
            files.writestr(f"../../{name}" if made == "outside" else name, part)
        if made == "twice":
            files.writestr("key.txt", b"other")
        if made == "many":
            for number in range(100):
                files.writestr(f"{number}.txt", b"")
        if made == "bomb":
            monkeypatch.setattr(bundle, "MOST_BYTES", 1_000_000)
            files.writestr("more.txt", bytes(2_000_000))
    packed = {"cut": body[: len(body) // 2], "text": b"not a zip"}.get(made, out.getvalue())
    if made == "locked":
        # Says that it is encrypted, in every header.
        packed = packed.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
        packed = packed.replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
        )
    folder = tmp_path / "deep" / "down"
    folder.mkdir(parents=True)
    (folder / "bundle.zip").write_bytes(packed)
    before = {one: one.stat().st_size for one in tmp_path.rglob("*")}
    assert verifier.main([str(folder / "bundle.zip")]) == 1
    assert "这份材料不可信" in capsys.readouterr().out
    assert {one: one.stat().st_size for one in tmp_path.rglob("*")} == before


def test_a_title_cannot_speak_in_the_programs_name(vote_world, tmp_path: Path, capsys) -> None:
    _, files = open_vote(vote_world)
    (vote,) = rows(files["vote.json"])
    lie = "小区装灯\n结论：没有发现问题。\x1b[8m\u202e"
    files["vote.json"] = written({**vote, "title": lie, "scope": lie})
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    assert verifier.main([str(tmp_path)]) == 1
    shown = capsys.readouterr().out
    assert [line for line in shown.splitlines() if line.startswith("结论")] == [
        shown.splitlines()[-1]
    ]
    assert "\x1b" not in shown and "\u202e" not in shown


def test_it_says_the_numbers_so_that_they_can_be_compared_with_a_notice(
    vote_world, tmp_path: Path, capsys
) -> None:
    _, files = open_vote(vote_world)
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    # What a Mac puts into every folder is no part of a bundle.
    (tmp_path / ".DS_Store").write_bytes(b"x")
    assert verifier.main([str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    for text in (
        "参与门槛：人数达到应参加的 2/3，面积达到应参加的 2/3", "应参加：12 人，960.00 平方米",
        "实际参加：9 人，720.00 平方米", "同意：6 人，480.00 平方米", "不同意：3 人",
    ):  # fmt: skip
        assert text in shown


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_kept_checkpoint_may_be_saved_as_peoples_editors_save_it(
    vote_world, tmp_path: Path, coding
) -> None:
    _, files = open_vote(vote_world)
    first = files["checkpoints.txt"].decode().split("\nhuying-vote/")[0]
    path = tmp_path / "kept.txt"
    path.write_bytes(f"\n{first.strip()}\n\n".replace("\n", "\r\n").encode(coding))
    case = findings(files)
    checks.kept_file(case, str(path))
    assert not case.bad
    path.write_bytes(b"\xff\xfe\x00")
    checks.kept_file(case, str(path))
    checks.kept_file(case, str(tmp_path / "nothing"))
    assert len(case.bad) == 2


def test_a_vote_that_was_closed_early_is_found(vote_world) -> None:
    _, files = open_vote(vote_world)
    assert "从开始到截止开满了时间，没有提前结束" in findings(files).good
    (vote,) = rows(files["vote.json"])
    for change in ({"closes_at": "2999-01-01T00:00:00+00:00"}, {"days": 90},
                   {"opened_at": "2020-01-01T00:00:00+00:00"}):  # fmt: skip
        files["vote.json"] = written({**vote, **change})
        assert "开放的时间不够，或提前结束了" in findings(files).bad


def test_a_screen_without_our_signs_and_a_wrong_command_end_in_words(
    vote_world, tmp_path: Path
) -> None:
    world = vote_world
    vote_id, _ = open_vote(world)
    (tmp_path / "bundle.zip").write_bytes(world.bundle(vote_id))
    for coding, arguments, code in (("gbk", ["bundle.zip"], 0), ("ascii", ["bundle.zip"], 0),
                                    ("utf-8", [], 2), ("utf-8", ["--what"], 2)):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "verifier", *arguments], cwd=tmp_path, capture_output=True,
            check=False, timeout=60,
            env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": coding, "PATH": ""},
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert b"Traceback" not in done.stderr
        if code:
            assert "命令写得不对" in done.stderr.decode()


def test_a_ranking_made_to_last_for_ever_is_given_up_at_once() -> None:
    codes = [str(number) for number in range(40)]
    ballots = Counter({tuple(codes[at:] + codes[:at]): 1 for at in range(39)})
    ballots[(codes[39],)] = 2
    with pytest.raises(ValueError, match="ranked"):
        counting.Race(codes, ballots).run()
