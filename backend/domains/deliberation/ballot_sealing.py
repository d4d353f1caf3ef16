"""A ballot as it is kept: sealed for the vote, with the hash of the line that will be published."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from backend.domains.deliberation import merkle_rules, record_rules
from backend.domains.deliberation.ballot_keys import seal
from backend.domains.deliberation.vote_model import Vote
from backend.domains.deliberation.vote_rules import Answer


@dataclass(frozen=True, slots=True)
class SealedBallot:
    """Ciphertext of one size for all choices, and the leaf."""

    sealed: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """What a sealed ballot holds: the line that is published, and what is not."""

    line: dict[str, Any]
    private: dict[str, str]

    @property
    def leaf(self) -> bytes:
        """The hash of the published line."""
        return merkle_rules.leaf_hash(record_rules.canonical(self.line))


def secret_contents(answer: Answer) -> Contents:
    """A ballot that names nobody."""
    line = record_rules.secret_ballot(choice=answer.choice, nonce=answer.nonce, salt=_salt())
    return Contents(line, {})


def open_contents(
    *, entry: int, seq: int, how: str, answer: Answer, caster: str, at: str
) -> Contents:
    """A ballot of a seat; who cast it and when stays inside, behind a commitment."""
    private = {"salt": _salt(), "caster": caster, "at": at}
    line = record_rules.open_ballot(
        entry=entry, seq=seq, how=how, choice=answer.choice, nonce=answer.nonce,
        salt=_salt(),        witness=witness_of(private),
    )  # fmt: skip
    return Contents(line, private)


def witness_of(private: dict[str, str]) -> str:
    """The published commitment to who cast a ballot and when."""
    salt = bytes.fromhex(private["salt"])
    return record_rules.witness(salt, private["caster"], private["at"]).hex()


def sealed_for(vote: Vote, contents: Contents) -> SealedBallot:
    """For the vote's own key, which nobody opens before the end."""
    assert vote.public_key is not None
    body = record_rules.canonical({"line": contents.line, "private": contents.private})
    padded = record_rules.padded(body, padding(vote))
    return SealedBallot(seal(vote.public_key, padded, vote.id.bytes), contents.leaf)


def padding(vote: Vote) -> int:
    """The size of every ballot of the vote before it is sealed."""
    return record_rules.padding_for([one["code"] for one in vote.options])


def read(body: bytes) -> Contents:
    """What an opened ballot holds; `ValueError` when it is none."""
    found = json.loads(body)
    return Contents(found["line"], found["private"])


def new_receipt() -> str:
    """A random receipt code."""
    return record_rules.receipt_code(secrets.randbelow(32**record_rules.CODE_LENGTH))


def _salt() -> str:
    return secrets.token_hex(record_rules.SALT)
