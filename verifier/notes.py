"""Checkpoints: what was signed while the vote ran."""

import base64
import hashlib
from dataclasses import dataclass

from verifier import ed25519

NAME = "huying-vote"


class BadNote(Exception):
    """It is no checkpoint."""


@dataclass(frozen=True)
class Note:
    """One checkpoint as it was read."""

    text: str
    body: str
    vote: str
    ballots: int
    ballots_root: bytes
    receipts: int
    receipts_root: bytes
    roll_root: str
    vote_hash: str
    kind: str
    seq: int
    at: str
    signer: bytes
    signature: bytes

    def signed_by(self, key: bytes) -> bool:
        """Whether this key signed it."""
        name = hashlib.sha256(NAME.encode() + b"\n\x01" + key).digest()[:4]
        return self.signer == name and ed25519.verified(key, self.body.encode(), self.signature)


def read(text: str) -> "list[Note]":
    """All checkpoints of a text, one behind the other with an empty line between."""
    parts = text.split(f"\n{NAME}/")
    notes = [parts[0]] + [f"{NAME}/{part}" for part in parts[1:]]
    found = [_one(part) for part in notes]
    if "\n".join(one.text for one in found) != text:
        raise BadNote("检查点之间有多余的内容")
    return found


def _one(text: str) -> Note:
    body, gap, tail = text.partition("\n\n")
    lines = body.split("\n")
    start = f"— {NAME} "
    try:
        if len(lines) != 7 or not gap or not tail.startswith(start) or not tail.endswith("\n"):
            raise ValueError
        origin, ballots, root, receipts, roll, vote, times = lines
        name, _, vote_id = origin.partition("/")
        word, count, receipts_root = receipts.split(" ")
        kind, seq, at = times.split(" ")
        signed = base64.b64decode(tail[len(start) : -1], validate=True)
        made = Note(
            text,
            body + "\n",
            vote_id,
            int(ballots),
            base64.b64decode(root, validate=True),
            int(count),
            base64.b64decode(receipts_root, validate=True),
            roll.removeprefix("roll "),
            vote.removeprefix("vote "),
            kind,
            int(seq),
            at,
            signed[:4],
            signed[4:],
        )
        again = "\n".join(
            (
                f"{NAME}/{made.vote}",
                str(made.ballots),
                base64.b64encode(made.ballots_root).decode(),
                f"receipts {made.receipts} {base64.b64encode(made.receipts_root).decode()}",
                f"roll {made.roll_root}",
                f"vote {made.vote_hash}",
                f"{made.kind} {made.seq} {made.at}",
                "",
                start + base64.b64encode(signed).decode(),
                "",
            )
        )
        if name != NAME or word != "receipts" or again != text:
            raise ValueError
    except ValueError:
        raise BadNote("检查点的格式不对") from None
    return made
