"""Random tampering with published files: every piece of it is found.

LONG=1 does 10,000, half of them on an open and half on a secret vote. Half of the tampering
with files is an operator's who holds the signing key and signs everything anew: only a checkpoint
that somebody kept finds that.
"""

import base64
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.domains.deliberation import (
    merkle_rules,
    record_rules,
)
from backend.domains.deliberation.kind_rules import AGREE, OPPOSE
from tests.security.vote_tampering import (  # noqa: F401 - with a fixture
    LONG,
    PUBLISHED,
    Files,
    finished,
    tell,
)
from tests.votes_fixtures import vote_world  # noqa: F401 - a fixture
from verifier import bundle, checks, notes

FILES_TRIES = 5_000 if LONG else 100
LINES = ("roll.jsonl", "ballots.jsonl", "receipts.jsonl")


@pytest.fixture
def published(request) -> Callable[[bool], tuple[Files, list[str]]]:
    """The files of a counted vote, open or secret, and the checkpoints somebody kept."""

    def get(secret: bool) -> tuple[Files, list[str]]:
        if secret not in PUBLISHED:
            finished(request.getfixturevalue("vote_world"), secret=secret)
        return PUBLISHED[secret]

    return get


def found(files: Files, kept: str) -> bool:
    try:
        case = checks.run(checks.opened(bundle.checked(dict(files))))
    except (bundle.BadBundle, notes.BadNote):
        return True
    checks.kept(case, kept)
    return bool(case.bad)


class Vandal:
    """Changes a bundle at random; never leaves it as it was."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def spoil(self, files: Files) -> tuple[str, Files]:
        ways = [self.edit_byte, self.edit_value, self.delete, self.insert, self.swap, self.cut]
        while True:
            way, name = self.rng.choice(ways), self.rng.choice([*LINES, *OTHERS])
            spoiled = way(name, files[name])
            if spoiled is not None and spoiled != files[name]:
                return f"{way.__name__} {name}", {**files, name: spoiled}

    def edit_byte(self, name: str, body: bytes) -> bytes:
        at = self.rng.randrange(len(body))
        return body[:at] + bytes([body[at] ^ 1 << self.rng.randrange(8)]) + body[at + 1 :]

    def edit_value(self, name: str, body: bytes) -> bytes | None:
        if not name.endswith(("jsonl", "json")):
            return None
        lines = body.split(b"\n")[:-1]
        at = self.rng.randrange(len(lines))
        value = json.loads(lines[at])
        key = self.rng.choice(sorted(value))
        value[key] = self.other(value[key])
        lines[at] = record_rules.canonical(value)
        return b"\n".join(lines) + b"\n"

    def other(self, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            return not value
        if isinstance(value, int):
            return value + self.rng.choice((-1, 1, 7))
        if isinstance(value, str):
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        if value == [AGREE]:
            return [OPPOSE]
        if isinstance(value, list):
            return value[:-1] if value else ["x"]
        return {**value, "more": 1}

    def delete(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        del lines[self.rng.randrange(len(lines))]
        return b"".join(line + b"\n" for line in lines)

    def insert(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        lines.insert(self.rng.randrange(len(lines) + 1), self.rng.choice(lines))
        return b"".join(line + b"\n" for line in lines)

    def swap(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        a, b = self.rng.randrange(len(lines)), self.rng.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
        return b"".join(line + b"\n" for line in lines)

    def cut(self, name: str, body: bytes) -> bytes:
        lines = body.split(b"\n")[:-1]
        kept = lines[: self.rng.randrange(len(lines))]
        return b"".join(line + b"\n" for line in kept)


OTHERS = ("vote.json", "result.json", "checkpoints.txt", "key.txt")


@cache
def signer() -> Ed25519PrivateKey:
    from backend.config_checks import DEMO_SIGNING_KEY

    return Ed25519PrivateKey.from_private_bytes(DEMO_SIGNING_KEY)


@cache
def sign(body: str) -> bytes:
    return signer().sign(body.encode())


def signed_anew(files: Files) -> Files:
    """What an operator with the key would publish: all checkpoints made again to fit."""
    import hashlib

    def leaves(name: str) -> list[bytes]:
        return [merkle_rules.leaf_hash(line) for line in files[name].split(b"\n")[:-1]]

    ballots, receipts = leaves("ballots.jsonl"), leaves("receipts.jsonl")
    public = signer().public_key().public_bytes_raw()
    texts = []
    parts = files["checkpoints.txt"].decode().split("\nhuying-vote/")
    for number, part in enumerate(parts):
        old = record_rules.parsed(part if number == 0 else f"huying-vote/{part}")
        last = number == len(parts) - 1
        size = len(ballots) if last else min(old.ballots, len(ballots))
        sent = len(receipts) if last else min(old.receipts, len(receipts))
        made = record_rules.Checkpoint(
            old.vote, old.seq, old.kind, old.at, size, merkle_rules.root_of(ballots[:size]), sent,
            merkle_rules.root_of(receipts[:sent]), merkle_rules.root_of(leaves("roll.jsonl")),
            hashlib.sha256(files["vote.json"].removesuffix(b"\n")).digest(),
        )  # fmt: skip
        texts.append(record_rules.note(made, public, sign(made.body)))
    return {**files, "checkpoints.txt": "\n".join(texts).encode()}


@pytest.mark.parametrize("secret", [False, True], ids=["open", "secret"])
def test_every_tampering_with_published_files_is_found(published, tell, secret: bool) -> None:
    files, kept = published(secret)
    assert not found(files, kept[-1])
    assert not found(signed_anew(files), kept[-1])
    vandal = Vandal(20261123 + secret)
    missed = []
    for turn in range(FILES_TRIES):
        what, spoiled = vandal.spoil(files)
        if turn % 2 and what.split()[1] in (*LINES, "vote.json"):
            spoiled = signed_anew(spoiled)
            what = f"{what}, signed anew"
        tell[what.split()[0]] += 1
        if not found(spoiled, kept[-1]):
            missed.append(what)
    assert not missed, missed[:10]


def test_without_a_kept_checkpoint_an_operator_with_the_key_could_rewrite_the_vote(
    published,
) -> None:
    """The negative control, and why the readme asks people to keep one."""
    files, kept = published(False)
    lines = files["ballots.jsonl"].split(b"\n")[:-1]
    value = json.loads(lines[-1])
    value["nonce"] = "0" * 32
    lines[-1] = record_rules.canonical(value)
    spoiled = signed_anew({**files, "ballots.jsonl": b"".join(one + b"\n" for one in lines)})
    case = checks.run(checks.opened(spoiled))
    assert not case.bad
    assert found(spoiled, kept[-1])


def test_a_key_that_is_not_ours_signs_nothing(published) -> None:
    files, kept = published(False)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    spoiled = {**files, "key.txt": base64.b64encode(other) + b"\n"}
    assert found(spoiled, kept[-1])
