"""Everything that is checked, one finding after the other."""

import base64
import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from verifier import bundle, counting, notes, trees

SECRET_BALLOT = {"choice", "nonce", "salt"}
OPEN_BALLOT = SECRET_BALLOT | {"entry", "seq", "how", "witness"}
HEX = re.compile(r"[0-9a-f]+")
MOST_OPTIONS = 40
MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)


@dataclass
class Case:
    """A bundle as it was read, and what was found."""

    vote: dict
    roll: "list[tuple[bytes, dict]]"
    ballots: "list[tuple[bytes, dict]]"
    receipts: "list[tuple[bytes, dict]]"
    notes: "list[notes.Note]"
    result: dict
    key: bytes
    vote_line: bytes
    good: "list[str]" = field(default_factory=list)
    bad: "list[str]" = field(default_factory=list)

    @property
    def secret(self) -> bool:
        """Whether ballots name nobody."""
        return self.vote["secrecy"] == "secret"

    @property
    def by_area(self) -> bool:
        """Whether area counts."""
        return "area" in self.vote["rule"]["weights"]

    @property
    def withheld(self) -> bool:
        """Whether ballots are not published, because too few took part."""
        return self.result.get("outcome") == "too_few"

    def say(self, fine: bool, good: str, bad: str) -> None:
        """Note one finding."""
        (self.good if fine else self.bad).append(good if fine else bad)


def opened(files: "dict[str, bytes]") -> Case:
    """The bundle as it reads; `BadBundle` or `BadNote` when it does not."""
    try:
        text = files["checkpoints.txt"].decode()
        key_text = files["key.txt"].decode().removesuffix("\n")
        key = base64.b64decode(key_text, validate=True)
    except (UnicodeDecodeError, ValueError):
        raise bundle.BadBundle("检查点或公钥不是文字") from None
    if base64.b64encode(key).decode() + "\n" != files["key.txt"].decode():
        raise bundle.BadBundle("公钥的写法不对")
    return Case(
        _vote(bundle.one(files["vote.json"], "vote.json")),
        bundle.lines(files["roll.jsonl"], "roll.jsonl"),
        bundle.lines(files["ballots.jsonl"], "ballots.jsonl"),
        bundle.lines(files["receipts.jsonl"], "receipts.jsonl"),
        notes.read(text),
        bundle.one(files["result.json"], "result.json"),
        key,
        files["vote.json"].removesuffix(b"\n"),
    )


def _vote(found: dict) -> dict:
    """What is asked, if everything that the checks rest on is there and of its kind."""
    rule, options = found.get("rule"), found.get("options")
    fine = (
        isinstance(rule, dict)
        and all(isinstance(rule.get(name), dict) for name in ("quorum", "passing"))
        and rule.get("weights") in (["heads"], ["heads", "area"])
        and _whole(rule.get("k"))
        and isinstance(options, list)
        and 2 <= len(options) <= MOST_OPTIONS
        and all(isinstance(one, dict) and isinstance(one.get("code"), str) for one in options)
        and found.get("secrecy") in ("open", "secret")
        and found.get("method") in ("single", "multiple", "ranked", "budget")
        and all(isinstance(found.get(name), str) for name in ("id", "opened_at", "closes_at"))
    )
    if not fine:
        raise bundle.BadBundle("vote.json 的内容不成样子")
    return found


def run(case: Case) -> Case:
    """All checks of a bundle by itself."""
    for check in (signatures, promises, question, times, roll, ballots, receipts, recount):
        tried(case, TITLES[check.__name__], check)
    return case


def tried(case: Case, title: str, check: "Callable[..., None]", *more: str) -> None:
    """One check. What is not shaped as it must be was not written by an honest platform."""
    try:
        check(case, *more)
    except MISSHAPEN:
        case.bad.append(f"材料的内容不成样子（{title}）")


def signatures(case: Case) -> None:
    """Every checkpoint was signed with the key."""
    wrong = [note.seq for note in case.notes if not note.signed_by(case.key)]
    case.say(not wrong, f"{len(case.notes)} 个检查点的签名都对", f"检查点 {wrong} 的签名不对")


def promises(case: Case) -> None:
    """Each checkpoint is the beginning of what is published, and none is missing."""
    points = case.notes
    kinds = ["opening"] + ["running"] * (len(points) - 2) + ["final"]
    case.say(
        [one.seq for one in points] == list(range(len(points)))
        and len(points) > 1
        and [one.kind for one in points] == kinds,
        "检查点从开始到结束都在",
        "检查点有缺失或顺序不对",
    )
    pairs = list(itertools.pairwise(points))
    grows = all(
        a.ballots <= b.ballots and a.receipts <= b.receipts and a.at <= b.at for a, b in pairs
    )
    start = points[0].ballots == 0 and points[0].receipts == 0
    case.say(grows and start, "记录只增加、没有减少", "检查点前后矛盾")
    published = [raw for raw, _ in case.ballots]
    found = trees.roots(published, {one.ballots for one in points})
    same = all(found.get(one.ballots) == one.ballots_root for one in points)
    whole = points[-1].ballots == len(published)
    if case.withheld:
        case.say(
            not published, "参加的人太少，选票按规则不公布，只核对回执", "不该公布的选票被公布了"
        )
    else:
        case.say(same and whole, "选票没有被改动、增加、减少或调换", "选票和检查点对不上")
    listed = [raw for raw, _ in case.receipts]
    found = trees.roots(listed, {one.receipts for one in points})
    same = all(found.get(one.receipts) == one.receipts_root for one in points)
    case.say(same and points[-1].receipts == len(listed), "回执没有被改动", "回执和检查点对不上")


def question(case: Case) -> None:
    """The question and the rule are those of the opening."""
    digest = hashlib.sha256(case.vote_line).hexdigest()
    fine = (
        all(one.vote_hash == digest and one.vote == case.vote["id"] for one in case.notes)
        and case.vote["format"] == "huying-vote/1"
    )
    case.say(fine, "题目、选项和规则从开始到结束没有变过", "题目、选项或规则被改过")


def times(case: Case) -> None:
    """It was open from the moment it says, for all its days, and not closed early."""
    start, end = (datetime.fromisoformat(case.vote[name]) for name in ("opened_at", "closes_at"))
    first, last = (
        datetime.fromisoformat(case.notes[at].at.replace("Z", "+00:00")) for at in (0, -1)
    )
    fine = (
        first == start.replace(microsecond=0)
        and last >= end
        and end - start >= timedelta(days=case.vote["days"])
    )
    case.say(fine, "从开始到截止开满了时间，没有提前结束", "开放的时间不够，或提前结束了")


def roll(case: Case) -> None:
    """The roll is that of the opening; nobody and no room is there twice."""
    raw = [line for line, _ in case.roll]
    root = trees.roots(raw, {len(raw)})[len(raw)].hex()
    case.say(
        all(one.roll_root == root for one in case.notes), "名册从开始到结束没有变过", "名册被改过"
    )
    fields = {"n", "commitment"} | ({"rooms", "area_centi"} if case.by_area else set())
    rows = [row for _, row in case.roll]
    shaped = all(set(row) == fields for row in rows) and [row["n"] for row in rows] == list(
        range(1, len(rows) + 1)
    )
    rooms = [room for row in rows for room in row.get("rooms", [])]
    areas = all(_whole(row["area_centi"]) for row in rows) if case.by_area else True
    fine = bool(rows) and shaped and areas and len(set(rooms)) == len(rooms)
    case.say(fine, f"名册共 {len(rows)} 人，没有重复", "名册有重复或写法不对")


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0


def ballots(case: Case) -> None:
    """Every ballot answers the question, and no seat counts twice."""
    rows = [row for _, row in case.ballots]
    fields = SECRET_BALLOT if case.secret else OPEN_BALLOT
    shaped = all(
        set(row) == fields and _answers(case.vote, row["choice"]) and HEX.fullmatch(row["nonce"])
        for row in rows
    )
    case.say(shaped, f"{len(rows)} 张选票都填得有效", "有选票填得无效")
    if case.secret:
        return
    last: Counter = Counter()
    fine = True
    for row in rows:
        entry, seq = row["entry"], row["seq"]
        fine = fine and _whole(entry) and entry <= len(case.roll) and seq == last[entry] + 1
        fine = fine and row["how"] in ("online", "proxy", "paper")
        last[entry] += 1
    if not case.vote["changeable"]:
        fine = fine and all(count == 1 for count in last.values())
    case.say(fine, f"{len(last)} 人投票，每人只算最后一张", "有人的选票重复或不在名册里")


def _answers(vote: dict, choice: list) -> bool:
    codes = [option["code"] for option in vote["options"]]
    known = all(code in codes for code in choice) and len(set(choice)) == len(choice)
    ordered = vote["method"] == "ranked" or choice == [code for code in codes if code in choice]
    return known and ordered and vote["least"] <= len(choice) <= vote["most"]


def receipts(case: Case) -> None:
    """Each ballot has its receipt; in a secret vote each batch is as large as was promised."""
    rows = [row for _, row in case.receipts]
    codes = [row["receipt"] for row in rows if "receipt" in row]
    unique = len(set(codes)) == len(codes)
    if not case.secret:
        pairs = [(row["entry"], row["seq"]) for row in rows]
        cast = [(row["entry"], row["seq"]) for _, row in case.ballots]
        shaped = all(set(row) == {"entry", "seq", "receipt"} for row in rows)
        case.say(unique and shaped and pairs == cast, "每张选票都有一张回执", "回执和选票对不上")
        return
    expected: list = []
    seats: list = []
    sizes = []
    batches: dict = {}
    for row in rows:
        batches.setdefault(row["batch"], []).append(row)
    for number, mine in sorted(batches.items()):
        sent = [row for row in mine if set(row) == {"batch", "receipt"}]
        took = [row for row in mine if set(row) == {"batch", "entry", "proof"}]
        order = [row["entry"] for row in took]
        if len(sent) != len(took) or order != sorted(order) or number != len(sizes) + 1:
            case.bad.append(f"第 {number} 批回执不完整")
        expected += sent + took
        seats += order
        sizes.append(len(sent))
    known = all(_whole(entry) and entry <= len(case.roll) for entry in seats)
    once = len(set(seats)) == len(seats)
    fine = unique and known and once and expected == rows
    case.say(fine, f"{len(codes)} 人参加，每人一张回执", "回执重复或不在名册里")
    many = len(sizes) < 2 or all(size >= case.vote["rule"]["k"] for size in sizes)
    case.say(many, "每批入箱的选票都不少于规定张数", "有一批选票太少，不符合规则")
    if not case.withheld:
        case.say(
            len(codes) == len(case.ballots), "选票张数等于参加人数", "选票张数和参加人数不一样"
        )


def recount(case: Case) -> None:
    """Count again and compare."""
    rows = [row for _, row in case.roll]
    area = [row["area_centi"] for row in rows] if case.by_area else []
    entitled = {"heads": len(rows), "area": sum(area)}
    if case.secret:
        cast = [(row["choice"], {"heads": 1, "area": 0}) for _, row in case.ballots]
    else:
        last = {row["entry"]: row["choice"] for _, row in case.ballots}
        cast = [
            (choice, {"heads": 1, "area": area[entry - 1] if area else 0})
            for entry, choice in last.items()
        ]
    if case.withheld:
        took = sum("receipt" in row for _, row in case.receipts)
        fine = case.secret and took < case.vote["rule"]["k"]
        same = fine and case.result == counting.recount(case.vote, entitled, cast)
        case.say(same, "参加的人确实少于公布结果所需的人数", "参加的人够多，却没有公布结果")
        return
    again = counting.recount(case.vote, entitled, cast)
    case.say(again == case.result, "重新计票，结果和公布的一样", "重新计票，结果和公布的不一样")


def kept_file(case: Case, name: str) -> None:
    """A file with a checkpoint somebody kept."""
    try:
        text = _text(Path(name))
    except (OSError, ValueError):
        case.bad.append(f"您保存的检查点打不开：{bundle.plain(name)}")
        return
    kept(case, text)


def kept(case: Case, text: str) -> None:
    """A checkpoint somebody kept must be one of the published ones, word for word."""
    try:
        mine = notes.read(text.strip() + "\n")
    except notes.BadNote:
        case.bad.append("您保存的检查点格式不对")
        return
    known = {note.text for note in case.notes}
    fine = all(note.text in known and note.signed_by(case.key) for note in mine)
    case.say(fine, "您保存的检查点和公布的一致", "您保存的检查点和公布的不一致：公布的材料被改过")


def _text(path: Path) -> str:
    """A text file as people's editors save it: UTF-8, with a mark in front or not, or GB 18030."""
    body = path.read_bytes()
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _lines(body.decode("utf-16"))
    try:
        return _lines(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _lines(body.decode("gb18030"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def receipt(case: Case, code: str) -> None:
    """A receipt is in the list."""
    table = str.maketrans({"O": "0", "I": "1", "L": "1"})
    letters = re.sub(r"[^0-9A-Z]", "", code.upper()).translate(table)
    written = "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    listed = {row["receipt"] for _, row in case.receipts if "receipt" in row}
    case.say(
        written in listed,
        f"回执 {written} 在清单里：这一票已经计入",
        f"回执 {written} 不在清单里：请拿着回执向社区核实",
    )


def nonce(case: Case, number: str) -> None:
    """The ballot with the voter's own random number, shown to the voter."""
    mine = [row for _, row in case.ballots if row["nonce"] == number.strip().lower()]
    texts = {option["code"]: option["text"] for option in case.vote["options"]}
    choices = [bundle.plain("、".join(texts[code] for code in row["choice"])) for row in mine]
    case.say(
        len(mine) == 1,
        f"找到您的选票，记录的是：{''.join(choices)}",
        "没有找到唯一的一张带这个随机数的选票",
    )


TITLES = {
    "signatures": "签名",
    "promises": "检查点",
    "question": "题目",
    "times": "时间",
    "roll": "名册",
    "ballots": "选票",
    "receipts": "回执",
    "recount": "计票",
}
