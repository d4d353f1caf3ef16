"""What may become of a check, when it is asked again, what its author is told. Pure.

The author meets three different answers: refused (why, and what can be done), under review (by
when somebody looks), unavailable (kept, nothing to do). Until it has passed nobody else sees it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from backend.kernel.state import Transition

WAITING, PASSED, REFUSED = "waiting", "passed", "refused"
REVIEW, UNAVAILABLE, REPLACED = "review", "unavailable", "replaced"
STATE_TEXT = {
    WAITING: "检查中", PASSED: "已通过", REFUSED: "未通过", REVIEW: "人工复核中",
    UNAVAILABLE: "稍后检查", REPLACED: "已修改",
}  # fmt: skip
# A check of words that are no longer there.
ENDS = (REPLACED,)
# The machine still has to say something.
RUNNING = (WAITING, UNAVAILABLE)

MACHINE, MODERATOR, DECIDER, AUTHOR = "machine", "moderator", "decider", "author"


# Words of staff: whoever releases them reads them, not a moderator of some place.
READ_ELSEWHERE = ("campaign",)


def _way(to: str, *who: str, needs: Iterable[str] = ()) -> Transition:
    return Transition(to, frozenset(who), frozenset(needs))


CHECK_TRANSITIONS: Mapping[tuple[str, str], Transition] = {
    (WAITING, "pass"): _way(PASSED, MACHINE),
    (WAITING, "refuse"): _way(REFUSED, MACHINE, needs=["reason"]),
    (WAITING, "review"): _way(REVIEW, MACHINE),
    (WAITING, "fail"): _way(UNAVAILABLE, MACHINE),
    (WAITING, "replace"): _way(REPLACED, AUTHOR),
    (UNAVAILABLE, "pass"): _way(PASSED, MACHINE),
    (UNAVAILABLE, "refuse"): _way(REFUSED, MACHINE, needs=["reason"]),
    (UNAVAILABLE, "review"): _way(REVIEW, MACHINE),
    (UNAVAILABLE, "replace"): _way(REPLACED, AUTHOR),
    (REVIEW, "pass"): _way(PASSED, MODERATOR, DECIDER),
    (REVIEW, "refuse"): _way(REFUSED, MODERATOR, DECIDER, needs=["reason"]),
    (REVIEW, "replace"): _way(REPLACED, AUTHOR),
    (REFUSED, "appeal"): _way(REVIEW, AUTHOR, needs=["reason"]),
    (REFUSED, "replace"): _way(REPLACED, AUTHOR),
    (PASSED, "replace"): _way(REPLACED, AUTHOR),
}

TEXT, IMAGE = "text", "image"
# Asked is a picture whose answer comes as a push.
PENDING, ASKED, PASS, RISKY, DOUBTFUL = "pending", "asked", "pass", "risky", "review"
ITEM_STATES = (PENDING, ASKED, PASS, RISKY, DOUBTFUL)
_SUGGESTED = {"pass": PASS, "risky": RISKY, "review": DOUBTFUL}

MOST_CHARACTERS = 2500  # of one call of msg_sec_check
GIVE_UP = timedelta(hours=2)  # then a person looks
PICTURE_WAIT = timedelta(minutes=30)  # WeChat's own promise for the push of a picture
LEASE = timedelta(minutes=1)
KEPT = timedelta(days=30)
_PAUSES = (30, 60, 120, 300, 600)

_LABELS = {
    10001: "广告", 20001: "时政", 20002: "色情", 20003: "辱骂", 20006: "违法", 20008: "欺诈",
    20012: "低俗", 20013: "侵权",
}  # fmt: skip


def item_state(suggestion: str) -> str:
    """An item's state by WeChat's `suggest`; a person looks at what is not understood."""
    return _SUGGESTED.get(suggestion, DOUBTFUL)


def outcome(states: Iterable[str]) -> str | None:
    """The action that follows from the items' states; None while something is still open.

    One risky item refuses the whole at once; a doubtful one waits for the others, since one of
    them may be risky.
    """
    found = list(states)
    if RISKY in found:
        return "refuse"
    if PENDING in found or ASKED in found:
        return None
    return "review" if DOUBTFUL in found else "pass"


def pause(tries: int) -> timedelta:
    """How long to wait after so many failed tries (1 or more)."""
    return timedelta(seconds=_PAUSES[min(tries, len(_PAUSES)) - 1])


def reason(label: int) -> str:
    """Why WeChat refused it, in words for the author."""
    kind = _LABELS.get(label)
    return f"内容可能涉及{kind}" if kind else "内容不适合公开"


def parts(text: str) -> list[str]:
    """A text in pieces that one call takes; nothing for an empty one."""
    clean = text.strip()
    return [clean[at : at + MOST_CHARACTERS] for at in range(0, len(clean), MOST_CHARACTERS)]


@dataclass(frozen=True, slots=True)
class Notice:
    """What the author reads in the place of their words' publication."""

    experience: str
    title: str
    text: str
    can: tuple[str, ...]


def notice(state: str, why: str, by_when: str, *, appealed: bool) -> Notice | None:
    """What the author is told; None once it is public. `by_when` is when somebody looks."""
    if state == REFUSED:
        if appealed:
            text = f"{why}。申诉后仍未通过，可以改写后再发。"
            return Notice("refused", "没有通过检查", text, ("edit",))
        text = f"{why}。可以改写；觉得判断有误，可以申诉，由工作人员再看。"
        return Notice("refused", "没有通过检查", text, ("edit", "appeal"))
    if state == REVIEW:
        text = f"工作人员会在{by_when}前看，通过后邻居就能看到。现在只有您能看到。"
        return Notice("under_review", "正在人工复核", text, ())
    if state == UNAVAILABLE:
        text = (
            "内容已经保存。检查服务暂时连不上，我们稍后检查，通过后邻居就能看到，您不用再发一次。"
        )
        return Notice("unavailable", "已保存，稍后检查", text, ())
    if state == WAITING:
        return Notice("checking", "正在检查", "一般几秒钟，通过后邻居就能看到。", ())
    return None
