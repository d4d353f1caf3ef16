"""Decisions about service items: what may be published, and in what order things come.

Pure: standard library only. The fields and cross-checks follow the acceptance-list practice of
GB/T 39554 (政务服务事项); an item guide that breaks one misleads the person who relies on it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.domains.catalog.content import WHOLLY_ONLINE, Content, Step
from backend.kernel.state import Transition

DRAFT, LIVE, SUPERSEDED = "draft", "live", "superseded"
VERSION_STATES = (DRAFT, LIVE, SUPERSEDED)
VERSION_ENDS = frozenset({SUPERSEDED})
VERSION_STATE_TEXTS = {DRAFT: "草稿", LIVE: "已发布", SUPERSEDED: "历史版本"}
VERSION_TRANSITIONS = {
    (DRAFT, "save"): Transition(to=DRAFT, who=frozenset({"item_editor"})),
    (DRAFT, "publish"): Transition(to=LIVE, who=frozenset({"item_editor"})),
    (LIVE, "supersede"): Transition(to=SUPERSEDED),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an item may not be published: the field, a stable code, and what to do."""

    field: str
    code: str
    text: str


def problems(content: Content) -> list[Problem]:
    """Return all that stands against publishing; empty when it may be published."""
    return [
        *_gaps(content),
        *_visit_problems(content),
        *_money_problems(content),
        *_material_problems(content),
        *_phone_problems(content),
        *_limit_problems(content),
        *step_problems(content["steps"]),
    ]


def _gaps(content: Content) -> list[Problem]:
    found = []
    if not content["name"].strip():
        found.append(Problem("name", "name_missing", "请填写事项名称"))
    if not content["conditions"]:
        found.append(Problem("conditions", "conditions_missing", "请写明谁可以办（受理条件）"))
    if not content["legal_basis"]:
        found.append(Problem("legal_basis", "basis_missing", "请写明办理依据"))
    if not content["remedies"].strip():
        found.append(Problem("remedies", "remedies_missing", "请写明不服决定时的救济途径"))
    if not content["result_name"].strip():
        found.append(Problem("result_name", "result_missing", "请写明办完后拿到什么"))
    if not content["themes"]:
        found.append(Problem("themes", "themes_missing", "请至少选一个主题"))
    if content["bookable"] and not content["places"]:
        found.append(Problem("places", "bookable_without_place", "可以预约的事项要有办理地点"))
    return found


def _visit_problems(content: Content) -> list[Problem]:
    found = []
    visits = content["visits"]
    if content["online_depth"] == WHOLLY_ONLINE and visits > 0:
        text = "全程网办的事项，到现场次数应为 0"
        found.append(Problem("visits", "online_with_visits", text))
    if visits > 0 and not content["visits_reason"].strip():
        found.append(Problem("visits_reason", "visits_reason_missing", "请写明为什么要到现场"))
    if visits > 0 and not content["places"]:
        found.append(Problem("places", "places_missing", "要到现场的事项，请写明办理地点"))
    return found


def _money_problems(content: Content) -> list[Problem]:
    return [
        Problem(f"fees.{number}.basis", "fee_basis_missing", f"“{fee['name']}”收费要写明依据")
        for number, fee in enumerate(content["fees"])
        if not fee["basis"].strip()
    ]


def _material_problems(content: Content) -> list[Problem]:
    return [
        Problem(
            f"materials.{number}.legal_basis",
            "material_basis_missing",
            f"“{material['name']}”没有法律依据，不能要求群众提交",
        )
        for number, material in enumerate(content["materials"])
        if not material["legal_basis"].strip()
    ]


def _phone_problems(content: Content) -> list[Problem]:
    found = []
    consult = phone_numbers(content["consult_phone"])
    complaint = phone_numbers(content["complaint_phone"])
    if not consult:
        found.append(Problem("consult_phone", "consult_phone_missing", "请填写咨询电话"))
    if not complaint:
        found.append(Problem("complaint_phone", "complaint_phone_missing", "请填写投诉电话"))
    if consult & complaint:
        text = "投诉电话不能和咨询电话相同"
        found.append(Problem("complaint_phone", "same_phone", text))
    return found


def _limit_problems(content: Content) -> list[Problem]:
    legal, promise = content["legal_limit"], content["promise_limit"]
    if promise is None:
        return [Problem("promise_limit", "promise_missing", "请写明承诺多久办好")]
    found = []
    if content["case_type"] == "instant" and promise["value"] != 0:
        text = "即办件应当场办结，承诺时限填 0"
        found.append(Problem("promise_limit", "instant_with_limit", text))
    if legal and legal["unit"] == promise["unit"] and promise["value"] > legal["value"]:
        text = "承诺时限不能比法定时限长"
        found.append(Problem("promise_limit", "promise_beyond_legal", text))
    return found


def step_problems(steps: Sequence[Step]) -> list[Problem]:
    """Check the flow chart: keys once, arrows to known boxes, all reached, and an end in reach."""
    if not steps:
        return [Problem("steps", "steps_missing", "请写明办理步骤")]
    keys = [step["key"] for step in steps]
    if len(set(keys)) != len(keys):
        return [Problem("steps", "step_twice", "两个步骤用了同一个编号")]
    arrows = {step["key"]: step["next"] for step in steps}
    for step in steps:
        for target in step["next"]:
            if target not in arrows:
                text = f"“{step['name']}”指向了不存在的步骤“{target}”"
                return [Problem("steps", "step_unknown", text)]
    names = {step["key"]: step["name"] for step in steps}
    lost = [names[key] for key in keys if key not in _reach([keys[0]], arrows)]
    if lost:
        return [Problem("steps", "step_unreached", f"从第一步走不到：{'、'.join(lost)}")]
    ends = [key for key in keys if not arrows[key]]
    backwards: dict[str, list[str]] = {key: [] for key in keys}
    for key, targets in arrows.items():
        for target in targets:
            backwards[target].append(key)
    stuck = [names[key] for key in keys if key not in _reach(ends, backwards)]
    if stuck:
        return [Problem("steps", "step_endless", f"从这些步骤走不到终点：{'、'.join(stuck)}")]
    return []


def _reach(start: Iterable[str], arrows: Mapping[str, Sequence[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting.extend(arrows[key])
    return seen


def phone_numbers(text: str) -> frozenset[str]:
    """The telephone numbers in a text as bare digits, to compare them whatever the writing."""
    joined = re.sub(r"(?<=\d)[-—－ ()（）](?=\d)", "", text)
    return frozenset(re.findall(r"\d{5,}", joined))


def order_problems(steps: Sequence[tuple[int, Sequence[int]]]) -> list[str]:
    """Check a life event's steps, each (order, orders it comes after): 1, 2, 3 …, no going back."""
    found = []
    if [order for order, _ in steps] != list(range(1, len(steps) + 1)):
        found.append("步骤的序号应从 1 起逐个相连")
    for order, after in steps:
        if any(earlier >= order or earlier < 1 for earlier in after):
            found.append(f"第{order}步只能排在它前面的步骤之后")
    return found
