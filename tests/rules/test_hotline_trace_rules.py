"""What the rates need is read from a ticket's trace alone."""

import pytest

from backend.domains.hotline.trace_rules import Step, matter


def steps(*said: str) -> list[Step]:
    """`action>state|internal`; a public text where the action ends with `!`."""
    found = []
    for text in said:
        rest, _, internal = text.partition("|")
        action, _, state = rest.partition(">")
        public = "改由住建局办理" if action.endswith("!") else ""
        found.append(Step(action.rstrip("!"), state, public, internal))
    return found


GIVEN = ("take>pending", "accept>to_dispatch", "dispatch>to_sign")


def facts(*said: str) -> tuple[bool, bool | None, bool, bool, bool | None, bool | None] | None:
    found = matter(steps(*said))
    if found is None:
        return None
    return (
        found.merged, found.responded, found.closed, found.excluded, found.solved,
        found.satisfied,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("take>pending", "reject>rejected"), None),
        (("take>pending", "merge>merged", "separate>to_dispatch"), None),
        (GIVEN, (False, None, False, False, None, None)),
        ((*GIVEN, "respond>handling"), (False, True, False, False, None, None)),
        ((*GIVEN, "overdue>handling|联系来电人已超时"), (False, False, False, False, None, None)),
        ((*GIVEN, "overdue>to_sign|签收已超时"), (False, None, False, False, None, None)),
        (
            (*GIVEN, "overdue>handling|联系来电人已超时", "respond_late>handling"),
            (False, False, False, False, None, None),
        ),
        # Another unit has its own time.
        (
            (*GIVEN, "overdue>to_sign|联系来电人已超时", "approve_return>to_sign"),
            (False, None, False, False, None, None),
        ),
        (
            (*GIVEN, "overdue>arbitration|联系来电人已超时", "arbitrate!>to_sign"),
            (False, None, False, False, None, None),
        ),
        (
            (*GIVEN, "overdue>arbitration|联系来电人已超时", "arbitrate>to_sign|维持：就是你们的"),
            (False, False, False, False, None, None),
        ),
        # Answered without a word to the caller.
        ((*GIVEN, "submit_reply>unit_review"), (False, False, False, False, None, None)),
        (
            (*GIVEN, "respond>handling", "satisfied>closed|已解决，满意"),
            (False, True, True, False, True, True),
        ),
        (
            (*GIVEN, "dissatisfied>judgement|未解决，不满意；说已解决不了", "explain>closed"),
            (False, None, True, False, False, False),
        ),
        ((*GIVEN, "unreached>closed"), (False, None, True, False, None, None)),
        (
            (*GIVEN, "dissatisfied>judgement|未解决，不满意", "exclude>closed", "archive>archived"),
            (False, None, True, True, False, False),
        ),
        (
            (*GIVEN, "dissatisfied>judgement|未解决，不满意", "exclude>closed", "reopen>handling"),
            (False, None, False, False, False, False),
        ),
        (
            ("take>pending", "merge>merged", "parent_replied>callback",
             "satisfied>closed|未解决，满意"),
            (True, None, True, False, False, True),
        ),
    ],
)  # fmt: skip
def test_a_trace_tells_what_the_rates_need(
    said: tuple[str, ...], expected: tuple[object, ...] | None
) -> None:
    assert facts(*said) == expected
