"""What was asked and how it came out, in words, for comparing with the result page or a notice."""

from verifier.bundle import plain
from verifier.checks import MISSHAPEN, Case

OUTCOMES = {
    "passed": "通过",
    "not_passed": "未通过",
    "no_quorum": "参加人数或面积不够，表决无效",
    "too_few": "参加的人太少，不公布结果",
    "counted": "已计票（不产生决定）",
    "tied": "并列，没有分出先后",
}
OF = {"entitled": "应参加的", "taking_part": "实际参加的"}
WEIGHTS = {"heads": "人数", "area": "面积"}


def told(case: Case) -> "list[str]":
    """The lines to print."""
    vote, result = case.vote, case.result
    found = [f"表决：{plain(vote.get('title'))}（{plain(vote.get('scope'))}）"]
    try:
        found += _rule("参与门槛", vote["rule"]["quorum"]) + _rule(
            "通过门槛", vote["rule"]["passing"]
        )
        found.append(f"应参加：{_amounts(result['entitled'])}")
        if result["taking_part"] is not None:
            found.append(f"实际参加：{_amounts(result['taking_part'])}")
        texts = {one["code"]: one["text"] for one in vote["options"]}
        found += [
            f"{plain(texts[code])}：{_amounts(votes)}"
            for code, votes in result.get("options", {}).items()
        ]
        outcome = OUTCOMES[result["outcome"]]
    except MISSHAPEN:
        outcome = "看不懂"
    return [*found, f"公布的结果：{outcome}"]


def _rule(name: str, shares: dict) -> "list[str]":
    said = []
    for weight, word in WEIGHTS.items():
        if weight in shares:
            sign, share, base = shares[weight]
            how = "超过" if sign == ">" else "达到"
            said.append(f"{word}{how}{OF[base]} {plain(share)}")
    return [f"{name}：{'，'.join(said)}"] if said else []


def _amounts(values: dict) -> str:
    said = [f"{int(values['heads'])} 人"]
    if "area" in values:
        area = int(values["area"])
        said.append(f"{area // 100}.{area % 100:02d} 平方米")
    return "，".join(said)
