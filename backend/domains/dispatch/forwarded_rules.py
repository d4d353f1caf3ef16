"""Reading what was forwarded from a WeChat group. Pure: standard library only.

WeChat has no standard form for copied messages. Read are the three that its clients make:
name and time on a line of their own with the words below (computer), `name: words` a line
(several messages chosen on a phone), and words alone.
"""

import re
from dataclasses import dataclass

from backend.kernel.state import Transition

MOST_LINES = 100
_TIME = r"(?:\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?\s+)?\d{1,2}:\d{2}(?::\d{2})?"
_HEAD = re.compile(rf"^(?P<name>\S.{{0,39}}?)[\s　]+(?P<time>{_TIME})\s*$")
_SAID = re.compile(r"^(?P<name>[^:：\s][^:：]{0,19})[:：]\s*(?P<words>\S.*)$")
_PICTURE = re.compile(r"^\[(?:图片|照片|视频|语音|动画表情|表情)\]$")

# What goes through the desk's hands: waiting until somebody makes an event of it or puts it aside.
WAITING, CONVERTED, DISMISSED = "waiting", "converted", "dismissed"
STATE_TEXT = {WAITING: "待处理", CONVERTED: "已建事件", DISMISSED: "已忽略"}
CHANNEL_TEXT = {"paste": "群消息粘贴", "push": "服务号转发", "open311": "开放接口"}
INTAKE_STATES = (WAITING, CONVERTED, DISMISSED)
INTAKE_ENDS = frozenset({CONVERTED, DISMISSED})
INTAKE_TRANSITIONS = {
    (WAITING, "convert"): Transition(CONVERTED, frozenset({"dispatcher"})),
    (WAITING, "dismiss"): Transition(DISMISSED, frozenset({"dispatcher"}), frozenset({"reason"})),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a forwarded conversation; `sender` and `time` as written, or empty."""

    sender: str
    time: str
    words: str


def parse(text: str) -> list[Line]:
    """The messages in what was pasted, in order; pictures and stickers are left out.

    At most 100; neighbouring lines of one sender stay one message.
    """
    found: list[Line] = []
    sender = time = ""
    words: list[str] = []

    def done() -> None:
        said = "\n".join(words).strip()
        if said:
            found.append(Line(sender, time, said))
        words.clear()

    for raw in text.replace("\r\n", "\n").split("\n"):
        line = raw.strip().strip("\u2005\u200b")
        head = _HEAD.match(line)
        said = None if head or (sender and time) else _SAID.match(line)
        if head:
            done()
            sender, time = head["name"].strip(), head["time"].strip()
        elif said and not _looks_like_time(said["name"]):
            done()
            sender, time = said["name"].strip(), ""
            words.append(said["words"])
        elif not line:
            # An empty line ends a message of which the sender is known.
            if sender and not time:
                done()
                sender = ""
        elif not _PICTURE.match(line):
            words.append(line)
    done()
    return found[:MOST_LINES]


def _looks_like_time(text: str) -> bool:
    return bool(re.search(r"\d$", text))
