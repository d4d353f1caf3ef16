"""The checker: does what the database holds still say what was promised?

Rolls, log and receipts are compared with every signed checkpoint, and with those kept elsewhere.
After the end each ballot is opened and counted again as well; before it nothing is opened.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from backend.domains.deliberation import (
    ballot_open,
    ballot_opening,
    ballot_sealing,
    merkle_rules,
    record_rules,
    roll_rules,
    vote_bundle,
    vote_log,
    vote_moves,
    vote_rolls,
    vote_rules,
)
from backend.domains.deliberation.ballot_keys import Unopened, keys_of
from backend.domains.deliberation.ballot_model import Ballot, BallotParticipation, BallotReceipt
from backend.domains.deliberation.ballot_opening import Opened
from backend.domains.deliberation.merkle_rules import Frontier
from backend.domains.deliberation.record_rules import Checkpoint
from backend.domains.deliberation.roll_rules import Entry
from backend.domains.deliberation.vote_model import (
    Roll,
    RollRoom,
    Vote,
    VoteLog,
    VoteResult,
)
from backend.domains.deliberation.vote_public import vote_hash
from backend.kernel import trace
from backend.kernel.files import StoredFile
from backend.kernel.uow import UnitOfWork

# Which column holds the moment of which step.
_MOMENTS = {
    "prepare": "created_at", "open": "opened_at", "close": "closed_at", "count": "counted_at",
    "publish": "published_at", "annul": "annulled_at",
}  # fmt: skip
# What may come of reading rows that are not shaped as we write them.
_MISSHAPEN = (ValueError, KeyError, TypeError, IndexError, AttributeError, AssertionError)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was promised."""

    what: str
    where: str = ""


def check(uow: UnitOfWork, vote: Vote, kept: Iterable[str] = ()) -> list[Finding]:
    """Every finding about one vote; `kept` are notes somebody kept elsewhere."""
    return list(findings(uow, vote, kept))


def findings(uow: UnitOfWork, vote: Vote, kept: Iterable[str] = ()) -> Iterator[Finding]:
    """As `check`, one after the other: whoever asks only whether it is sound stops at the first."""
    if vote.opened_at is None and not vote_log.checkpoints(uow, vote.id):
        return
    try:
        yield from _Check(uow, vote).run(list(kept))
    except _MISSHAPEN as error:
        # They were not written by us.
        yield Finding("数据的写法不对，读不出来", type(error).__name__)


class _Check:
    """One vote with everything that belongs to it, read anew."""

    def __init__(self, uow: UnitOfWork, vote: Vote) -> None:
        self.uow, self.vote = uow, vote
        session = uow.session
        fresh = {"populate_existing": True}
        self.roll = session.get(Roll, vote.id, populate_existing=True)
        self.log = session.get(VoteLog, vote.id, populate_existing=True)
        self.entries = vote_rolls.entries(uow, vote)
        self.notes = vote_log.checkpoints(uow, vote.id)
        self.ballots = list(
            session.scalars(
                select(Ballot)
                .where(Ballot.vote_id == vote.id, Ballot.ordinal.is_not(None))
                .order_by(Ballot.ordinal)
                .execution_options(**fresh)
            )
        )
        self.receipts = list(
            session.execute(
                select(BallotReceipt.ordinal, BallotReceipt.record)
                .where(BallotReceipt.vote_id == vote.id)
                .order_by(BallotReceipt.ordinal)
            )
        )
        self.seats = {
            row.entry_id: row
            for row in session.scalars(
                select(BallotParticipation)
                .where(BallotParticipation.vote_id == vote.id)
                .execution_options(**fresh)
            )
        }
        self.ended = vote.state in (vote_rules.CLOSING, *vote_rules.ENDED)

    def run(self, kept: list[str]) -> Iterator[Finding]:
        """Each check in turn."""
        points = list(self._points())
        if not points or len(points) != len(self.notes) or self.log is None or self.roll is None:
            yield Finding("检查点读不出，或缺少记录")
            return
        yield from self._signatures(points, kept)
        yield from self._roll(points)
        yield from self._trees(points)
        yield from self._receipts()
        yield from self._story()
        if self.vote.counted_at is not None:
            yield from self._count()

    def _story(self) -> Iterator[Finding]:
        """State and moments of the vote are those of its trace."""
        vote = self.vote
        told = {
            one.action: one
            for one in trace.entries(self.uow.session, vote_moves.subject(vote.id))
            if one.action in _MOMENTS
        }
        last = max(told.values(), key=lambda one: one.seq, default=None)
        if last is None or last.to_state != vote.state:
            yield Finding("状态和留痕对不上")
        for action, column in _MOMENTS.items():
            at = told[action].at if action in told else None
            if getattr(vote, column) != at:
                yield Finding("时间和留痕对不上", column)
        if "prepare" in told and told["prepare"].actor_id != vote.created_by:
            yield Finding("经办人和留痕对不上")
        if self.ended and self.log is not None and self.log.pending_key is not None:
            yield Finding("结束后还有待入箱的密钥")

    def _points(self) -> Iterator[Checkpoint]:
        for row in self.notes:
            try:
                yield record_rules.parsed(row.note)
            except (ValueError, binascii.Error):
                return

    def _signatures(self, points: list[Checkpoint], kept: list[str]) -> Iterator[Finding]:
        keys = keys_of(self.uow.services)
        public = Ed25519PublicKey.from_public_bytes(keys.public_key)
        for row, point in zip(self.notes, points, strict=True):
            again = record_rules.note(point, keys.public_key, _signature(row.note))
            try:
                public.verify(_signature(row.note), point.body.encode())
            except InvalidSignature:
                yield Finding("检查点的签名不对", str(row.seq))
            if again != row.note or (row.seq, row.kind) != (point.seq, point.kind):
                yield Finding("检查点被改过", str(row.seq))
            if vote_log.at_text(row.at) != point.at:
                yield Finding("检查点的时间被改过", str(row.seq))
            if point.vote_hash != vote_hash(self.vote) or point.vote != str(self.vote.id):
                yield Finding("题目或规则被改过", str(row.seq))
        last = record_rules.FINAL if self.vote.counted_at else None
        if [one.seq for one in points] != list(range(len(points))) or (
            last and points[-1].kind != last
        ):
            yield Finding("检查点有缺失")
        known = {row.note for row in self.notes}
        for text in kept:
            if text not in known:
                yield Finding("保存在外的检查点对不上", text.split("\n")[0])

    def _roll(self, points: list[Checkpoint]) -> Iterator[Finding]:
        assert self.roll is not None
        lines = [entry for _, entry in self.entries]
        root = merkle_rules.root_of(roll_rules.leaves(lines, by_area=self.vote.by_area))
        sums = roll_rules.sums(lines)
        if any(point.roll_root != root for point in points) or self.roll.root != root:
            yield Finding("名册被改过")
        if (sums.heads, sums.area_centi) != (self.roll.heads, self.roll.area_centi):
            yield Finding("名册的合计不对")
        if self.roll.frozen_at != self.vote.opened_at:
            yield Finding("名册的时间被改过")
        if [entry.ordinal for entry in lines] != list(range(1, len(lines) + 1)):
            yield Finding("名册的编号不连续")
        rooms = self.uow.session.execute(
            select(RollRoom.entry_id, RollRoom.room_id).where(RollRoom.vote_id == self.vote.id)
        )
        wanted = {(row.id, UUID(room[0])) for row, _ in self.entries for room in row.rooms}
        if {(row.entry_id, row.room_id) for row in rooms} != wanted:
            yield Finding("名册的房屋被改过")
        for row, entry in self.entries:
            if row.area_centi != entry.head.area_centi:
                yield Finding("名册的面积被改过", str(row.ordinal))

    def _trees(self, points: list[Checkpoint]) -> Iterator[Finding]:
        assert self.log is not None
        if [row.ordinal for row in self.ballots] != list(range(len(self.ballots))):
            yield Finding("选票有缺失")
        if [row.ordinal for row in self.receipts] != list(range(len(self.receipts))):
            yield Finding("回执有缺失")
        ballots = _roots([row.leaf for row in self.ballots], {p.ballots for p in points})
        leaves = [merkle_rules.leaf_hash(row.record.encode()) for row in self.receipts]
        receipts = _roots(leaves, {p.receipts for p in points})
        for point in points:
            if ballots.get(point.ballots) != point.ballots_root:
                yield Finding("选票和检查点对不上", str(point.seq))
            if receipts.get(point.receipts) != point.receipts_root:
                yield Finding("回执和检查点对不上", str(point.seq))
        sizes = (len(self.ballots), len(self.receipts), len(points))
        if sizes != (self.log.ballots, self.log.receipts, self.log.seq) or sizes[:2] != (
            points[-1].ballots, points[-1].receipts,
        ):  # fmt: skip
            yield Finding("记录的长度不对")
        peaks = Frontier.of(row.leaf for row in self.ballots).packed
        if peaks != self.log.ballots_peaks or Frontier.of(leaves).packed != self.log.receipts_peaks:
            yield Finding("记录的中间值被改过")

    def _receipts(self) -> Iterator[Finding]:
        """The rows that tell a voter of a receipt agree with the published lines."""
        assert self.log is not None
        by_id = {row.id: entry for row, entry in self.entries}
        if self.vote.secret:
            wanted = self._secret_lines(by_id)
        else:
            wanted = [
                record_rules.open_receipt(
                    by_id[row.entry_id].ordinal if row.entry_id in by_id else 0, row.seq or 0,
                    row.receipt_code or "",
                )
                for row in self.ballots
            ]  # fmt: skip
        listed = [row.record for row in self.receipts]
        expected = [record_rules.canonical(line).decode() for line in wanted]
        if (sorted(expected) if self.vote.secret else expected) != (
            sorted(listed) if self.vote.secret else listed
        ):
            yield Finding("回执和参加记录对不上")
        first = {row.entry_id for row in self.ballots if row.entry_id}
        area = sum(by_id[one].head.area_centi for one in first if one in by_id)
        turnout = (len(self.seats), 0) if self.vote.secret else (len(first), area)
        batches = max((row.batch for row in self.seats.values()), default=0)
        if (self.log.heads, self.log.area_centi) != turnout or self.log.batches != batches:
            yield Finding("参加人数的合计不对")
        per_batch = Counter(row.batch for row in self.ballots)
        seats = Counter(seat.batch for seat in self.seats.values())
        order = [row.batch or 0 for row in self.ballots]
        if self.vote.secret and (per_batch != seats or order != sorted(order)):
            yield Finding("各批的选票张数不对")

    def _secret_lines(self, by_id: dict[UUID, Entry]) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        for entry_id, seat in self.seats.items():
            entry = by_id.get(entry_id)
            found.append(record_rules.batch_receipt(seat.batch, seat.receipt_code))
            if entry is not None:
                proof = record_rules.receipt_proof(entry.salt, seat.receipt_code)
                found.append(record_rules.took_part(seat.batch, entry.ordinal, proof))
        return found

    def _count(self) -> Iterator[Finding]:
        try:
            opened = ballot_opening.opened(self.uow, self.vote)
        except (Unopened, ValueError, KeyError, TypeError) as error:
            yield Finding("有选票打不开，或不是原来的那张", str(error))
            return
        if not self.vote.secret:
            for one in opened:
                yield from self._open_ballot(one)
        result = self.uow.session.get(VoteResult, self.vote.id, populate_existing=True)
        again = ballot_opening.counted(self.uow, self.vote, opened)
        if result is None or result.record != record_rules.canonical(again).decode():
            yield Finding("重新计票，结果不一样")
            return
        told = (result.outcome, result.passed, result.counted_at)
        if told != (again["outcome"], again["passed"], self.vote.counted_at):
            yield Finding("结果的摘要被改过")
        if self.vote.bundle_file_id is not None:
            yield from self._bundle()

    def _open_ballot(self, one: Opened) -> Iterator[Finding]:
        """Every column of an open ballot is inside what was sealed, or follows from it."""
        row, line = one.row, one.contents.line
        entry = one.entry
        answer = vote_rules.Answer(line["choice"], line["nonce"])
        fine = (
            entry is not None
            and (line["entry"], line["seq"], line["how"]) == (entry.ordinal, row.seq, row.how)
            and line["witness"] == ballot_sealing.witness_of(one.contents.private)
            and row.attempt == ballot_open.attempt_of(entry, answer)
            and row.mark == ballot_open.mark_of(self.uow, entry, answer)
        )
        if not fine:
            yield Finding("选票的记录被改过", str(row.ordinal))

    def _bundle(self) -> Iterator[Finding]:
        file = self.uow.session.get(StoredFile, self.vote.bundle_file_id)
        path = self.uow.services.files.path(file) if file else None
        body = path.read_bytes() if path is not None and path.exists() else b""
        if body != vote_bundle.packed(vote_bundle.files(self.uow, self.vote)):
            yield Finding("公布的材料和数据库不一致")


def _signature(note: str) -> bytes:
    """The signature of a note; empty when there is none."""
    tail = note.rstrip("\n").rpartition(" ")[2]
    try:
        return base64.b64decode(tail, validate=True)[4:]
    except (ValueError, binascii.Error):
        return b""


def _roots(leaves: list[bytes], sizes: set[int]) -> dict[int, bytes]:
    """The roots over the first n leaves."""
    tree, found = Frontier(), {}
    for count in range(len(leaves) + 1):
        if count in sizes:
            found[count] = tree.root
        if count < len(leaves):
            tree.add(leaves[count])
    return found


def votes_to_check(uow: UnitOfWork) -> list[Vote]:
    """Every vote that was opened."""
    frozen = select(Roll.vote_id)
    query = select(Vote).where(Vote.opened_at.is_not(None) | Vote.id.in_(frozen))
    query = query.order_by(Vote.opened_at)
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))
