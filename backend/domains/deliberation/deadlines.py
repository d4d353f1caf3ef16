"""What happens by itself when a stage ends. A handler holds the topic first and reads anew."""

from datetime import timedelta

from backend.domains.deliberation import (
    leading,
    moves,
    objecting,
    parts,
    rules,
    seconding,
    stages,
    telling,
)
from backend.domains.deliberation.topic_model import Topic
from backend.kernel import timers
from backend.kernel.timers import Timer, Timers
from backend.kernel.uow import UnitOfWork

_AGAIN = timedelta(days=1)


def register(known: Timers) -> None:
    """Let the worker's timers know the end of a stage."""
    known.register(stages.STAGE, stage_over)


def stage_over(uow: UnitOfWork, timer: Timer) -> None:
    """The present stage has reached its end."""
    topic = parts.locked(uow, timer.subject_id)
    if topic is None or topic.stage_ends_at is None:
        return
    if topic.stage_ends_at > uow.now:
        # Prolonged meanwhile.
        stages.arm(uow, topic)
        return
    acts = {
        rules.PROPOSED: _never_passed, rules.SECONDING: _too_few,
        rules.SUBMITTED: _unanswered, rules.DISCUSSING: leading.drafted_by_system,
        rules.NOTICING: _noticed, rules.COUNTING: _uncounted,
        rules.RESULT_NOTICE: _unpublished, rules.OBJECTION: _objections_over,
    }  # fmt: skip
    act = acts.get(topic.state)
    if act is not None:
        act(uow, topic)


def _never_passed(uow: UnitOfWork, topic: Topic) -> None:
    seconding.lapse(uow, topic, "内容一直没有通过检查")


def _too_few(uow: UnitOfWork, topic: Topic) -> None:
    reason = f"联名不足：需要{topic.seconds_needed}人，到期有{topic.seconds_count}人"
    seconding.lapse(uow, topic, reason)


def _unanswered(uow: UnitOfWork, topic: Topic) -> None:
    """The community has not answered: the street hears of it, every day."""
    moves.note(uow, topic, "overdue", internal="社区超过五个工作日没有答复")
    telling.task(uow, topic, "议题没有答复", "请答复是否受理。")
    telling.task(uow, topic, "社区没有答复", "社区超期没有答复，请督促。", street=True)
    timers.arm(uow, stages.STAGE, moves.subject(topic), uow.now + _AGAIN)


def _noticed(uow: UnitOfWork, topic: Topic) -> None:
    telling.task(uow, topic, "可以开始表决", "方案公示期满，请开始表决。")


def _uncounted(uow: UnitOfWork, topic: Topic) -> None:
    """A count that does not come (sheets nobody reconciles, a lost key) is told every day."""
    words = "截止已过一个工作日还没有计票：请核对完纸质票；没有办法计票的，由街道中止后重新表决。"
    telling.task(uow, topic, "还没有计票", words)
    telling.task(uow, topic, "还没有计票", words, street=True)
    timers.arm(uow, stages.STAGE, moves.subject(topic), uow.now + _AGAIN)


def _unpublished(uow: UnitOfWork, topic: Topic) -> None:
    """A result belongs before the neighbours within one working day (民法典 278 and its rules)."""
    telling.task(uow, topic, "结果没有公布", "计票已过一个工作日，结果还没有公布。", street=True)
    timers.arm(uow, stages.STAGE, moves.subject(topic), uow.now + _AGAIN)


def _objections_over(uow: UnitOfWork, topic: Topic) -> None:
    objecting.finish(uow, topic)
    if topic.state == rules.OBJECTION and objecting.open_count(uow, topic.id):
        telling.task(
            uow, topic, "异议没有办完", "公示期满，请尽快处理异议。", street=True, lasting=True
        )
        timers.arm(uow, stages.STAGE, moves.subject(topic), uow.now + _AGAIN)
