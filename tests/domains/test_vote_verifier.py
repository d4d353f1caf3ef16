"""The verifier, which shares no code with the platform, agrees with it and finds what is wrong."""

import io
import random
import subprocess
import sys
import zipfile
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
from verifier import bundle, checks, ed25519


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
    assert "压缩包打不开" in capsys.readouterr().out
    (tmp_path / "more.txt").write_bytes(b"")
    assert verifier.main([str(tmp_path)]) == 1
    assert "多出文件" in capsys.readouterr().out


def test_a_kept_text_that_is_no_checkpoint_is_said_to_be_none(vote_world) -> None:
    _, files = open_vote(vote_world)
    case = findings(files)
    checks.kept(case, "nothing")
    assert case.bad == ["您保存的检查点格式不对"]
