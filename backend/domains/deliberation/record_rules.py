"""What is written about a vote, byte for byte: published lines, checkpoints, receipts. Pure.

Every line is JSON with sorted keys and no spaces, so that there is one way to write a thing and
its hash says all of it. `verifier/README.zh.md` tells the same to readers without our code.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

ORIGIN = "huying-vote"
OPENING, RUNNING, FINAL = "opening", "running", "final"
SALT = 16
# Crockford's base 32: no letter that is read as a digit.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
_ED25519 = b"\x01"
_KEY_ID = 4


def canonical(value: Any) -> bytes:
    """The one way to write `value`."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(*parts: bytes) -> bytes:
    """SHA-256 over parts, each with its length before it."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8) + part)
    return found.digest()


def open_ballot(
    *, entry: int, seq: int, how: str, choice: list[str], nonce: str, salt: str, witness: str
) -> dict[str, Any]:
    """A ballot with the seat it was cast for. `seq` counts a seat's ballots: the last counts.

    `witness` commits to who cast it and when, which is not published.
    """
    return {
        "entry": entry, "seq": seq, "how": how, "choice": choice, "nonce": nonce, "salt": salt,
        "witness": witness,
    }  # fmt: skip


def secret_ballot(*, choice: list[str], nonce: str, salt: str) -> dict[str, Any]:
    """A ballot without a seat, a time or an order."""
    return {"choice": choice, "nonce": nonce, "salt": salt}


def open_receipt(entry: int, seq: int, code: str) -> dict[str, Any]:
    """A receipt and the ballot it is for."""
    return {"entry": entry, "seq": seq, "receipt": code}


def batch_receipt(batch: int, code: str) -> dict[str, Any]:
    """A receipt in its batch, in no order."""
    return {"batch": batch, "receipt": code}


def took_part(batch: int, entry: int, proof: bytes) -> dict[str, Any]:
    """That a seat took part, no finer than its batch; `proof` binds it to its receipt."""
    return {"batch": batch, "entry": entry, "proof": proof.hex()}


def receipt_proof(salt: bytes, code: str) -> bytes:
    """What binds a seat to its receipt; only who knows the seat's salt can tell which."""
    return digest(b"receipt", salt, code.encode())


def witness(salt: bytes, caster: str, at: str) -> bytes:
    """A commitment to who cast a ballot and when."""
    return digest(b"witness", salt, caster.encode(), at.encode())


def receipt_code(number: int) -> str:
    """`7F3K-0QXD-91MA` of a random number of 60 bits."""
    if not 0 <= number < 32**CODE_LENGTH:
        raise ValueError("a receipt is made of 60 bits")
    letters = ""
    for _ in range(CODE_LENGTH):
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is promised at one moment: both trees, the roll and the question."""

    vote: str
    seq: int
    kind: str
    at: str
    ballots: int
    ballots_root: bytes
    receipts: int
    receipts_root: bytes
    roll_root: bytes
    vote_hash: bytes

    @property
    def body(self) -> str:
        """The text that is signed, in the manner of a signed note (C2SP)."""
        lines = [
            f"{ORIGIN}/{self.vote}",
            str(self.ballots),
            base64.b64encode(self.ballots_root).decode(),
            f"receipts {self.receipts} {base64.b64encode(self.receipts_root).decode()}",
            f"roll {self.roll_root.hex()}",
            f"vote {self.vote_hash.hex()}",
            f"{self.kind} {self.seq} {self.at}",
        ]
        return "\n".join(lines) + "\n"


def key_id(public_key: bytes) -> bytes:
    """The four bytes that name a key in a signed note."""
    return hashlib.sha256(ORIGIN.encode() + b"\n" + _ED25519 + public_key).digest()[:_KEY_ID]


def note(checkpoint: Checkpoint, public_key: bytes, signature: bytes) -> str:
    """The signed note."""
    signed = base64.b64encode(key_id(public_key) + signature).decode()
    return f"{checkpoint.body}\n— {ORIGIN} {signed}\n"


def parsed(text: str) -> Checkpoint:
    """The checkpoint of a note, its signature not looked at; `ValueError` when it is none."""
    body, found, _ = text.partition("\n\n")
    lines = body.split("\n")
    if not found or len(lines) != 7 or not lines[0].startswith(f"{ORIGIN}/"):
        raise ValueError("not a checkpoint")
    _, receipts, receipts_root = lines[3].split(" ")
    kind, seq, at = lines[6].split(" ")
    return Checkpoint(
        lines[0].partition("/")[2], int(seq), kind, at, int(lines[1]),
        base64.b64decode(lines[2], validate=True), int(receipts),
        base64.b64decode(receipts_root, validate=True),
        bytes.fromhex(lines[4].removeprefix("roll ")), bytes.fromhex(lines[5].removeprefix("vote ")),
    )  # fmt: skip


def padded(body: bytes, size: int) -> bytes:
    """`body` brought to `size`, so that a longer choice has no longer ciphertext."""
    if len(body) > size:
        raise ValueError("the body is longer than its padding")
    return body + b" " * (size - len(body))


def padding_for(codes: list[str]) -> int:
    """The size of every ballot of a vote: room for all its options in one choice."""
    return -(-(640 + sum(len(code.encode()) + 4 for code in codes)) // 64) * 64
