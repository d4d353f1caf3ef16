"""What an item says when somebody asks by telephone: plain sentences, ready to be sent.

Standard library only, like `content`.
"""

from backend.domains.catalog.content import MATERIAL_FORMS, Content, Material, limit_text

#: More than this is no answer any more; the item's own page has the rest.
MOST = 2000


def answer_text(content: Content) -> str:
    """The item in words: what it is, on what conditions, what to bring, how long, what it costs."""
    lines = [
        content["summary"],
        _several("办理条件", content["conditions"]),
        _several("要带的材料", [_material(one) for one in content["materials"]]),
        f"多久办好：{limit_text(content['promise_limit'])}" if content["promise_limit"] else "",
        _fees(content),
        f"咨询电话：{content['consult_phone']}" if content["consult_phone"] else "",
    ]
    return "\n".join(line for line in lines if line.strip())[:MOST]


def _several(label: str, lines: list[str]) -> str:
    if len(lines) < 2:
        return f"{label}：{lines[0]}" if lines else ""
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return "\n".join([f"{label}：", *numbered])


def _material(material: Material) -> str:
    words = f"{material['name']}，{MATERIAL_FORMS[material['form']]}"
    if material["form"] in ("original", "copy", "both"):
        words += f"{material['count']}份"
    if material["necessity"] == "deferrable":
        return f"{words}（可以后补）"
    if material["necessity"] == "conditional":
        return f"{words}（{material['note'] or '符合情形才要'}）"
    return words


def _fees(content: Content) -> str:
    if not content["fees"]:
        return "不收费"
    return "收费：" + "；".join(f"{one['name']}{one['amount_text']}" for one in content["fees"])
