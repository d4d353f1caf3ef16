"""The published bundle: everything that a stranger needs to check the vote, as one zip file."""

import base64
import io
import zipfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.domains.deliberation import (
    ballot_opening,
    record_rules,
    vote_log,
    vote_rolls,
)
from backend.domains.deliberation.ballot_keys import keys_of
from backend.domains.deliberation.ballot_model import BallotReceipt
from backend.domains.deliberation.tally_rules import TOO_FEW
from backend.domains.deliberation.vote_model import Vote, VoteResult
from backend.domains.deliberation.vote_public import public_vote
from backend.kernel.errors import Conflict
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

_README = """这是一次表决的公开材料，任何人都可以自己核对。

vote.json        表决的题目、选项、适用规则
roll.jsonl       名册：每行一个表决人（只有编号、房号、面积，没有姓名）
ballots.jsonl    选票：每行一张
receipts.jsonl   回执
checkpoints.txt  表决期间留下的签名凭据
result.json      公布的结果
key.txt          验证签名用的公钥（请与社区张贴的比对）

核对方法：在结果页下载核对程序 verifier.zip，解压后把这个文件放进同一个文件夹，在那里运行
    python -m verifier 这个文件的名字.zip
一步一步的说明在核对程序里的 README.zh.md。
"""
_VERIFIER = Path(__file__).resolve().parents[3] / "verifier"
# The same bytes for the same vote, whenever it is asked for.
_DATED = (1980, 1, 1, 0, 0, 0)


def files(uow: UnitOfWork, vote: Vote) -> dict[str, bytes]:
    """The bundle's files by name, of a counted vote."""
    result = uow.session.get_one(VoteResult, vote.id)
    # Too few took part in secret: their ballots are not shown, only that they are in the log.
    withheld = result.outcome == TOO_FEW
    opened = [] if withheld else ballot_opening.opened(uow, vote)
    roll = [entry.line(by_area=vote.by_area) for _, entry in vote_rolls.entries(uow, vote)]
    receipts = uow.session.scalars(
        select(BallotReceipt.record)
        .where(BallotReceipt.vote_id == vote.id)
        .order_by(BallotReceipt.ordinal)
    )
    notes = [point.note for point in vote_log.checkpoints(uow, vote.id)]
    key = base64.b64encode(keys_of(uow.services).public_key).decode()
    return {
        "vote.json": record_rules.canonical(public_vote(vote)) + b"\n",
        "roll.jsonl": _lines(roll),
        "ballots.jsonl": _lines(one.contents.line for one in opened),
        "receipts.jsonl": "".join(f"{record}\n" for record in receipts).encode(),
        "checkpoints.txt": "\n".join(notes).encode(),
        "result.json": f"{result.record}\n".encode(),
        "key.txt": f"{key}\n".encode(),
        "README.txt": _README.encode(),
    }


def published(uow: UnitOfWork, vote: Vote) -> bytes:
    """The bundle as it was published; `Conflict` before."""
    if vote.bundle_file_id is None:
        raise Conflict("not_published", title="结果还没有公布", action="公布后再来下载")
    file = uow.session.get_one(StoredFile, vote.bundle_file_id)
    return uow.services.files.path(file).read_bytes()


def _lines(values: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(record_rules.canonical(value) + b"\n" for value in values)


@lru_cache(maxsize=1)
def verifier() -> bytes:
    """The program that checks bundles, with its instructions, to download: read, never imported."""
    found = sorted(path for path in _VERIFIER.iterdir() if path.suffix in (".py", ".md"))
    return packed({f"{_VERIFIER.name}/{path.name}": path.read_bytes() for path in found})


def packed(found: dict[str, bytes]) -> bytes:
    """The files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, body in found.items():
            bundle.writestr(zipfile.ZipInfo(name, _DATED), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()
