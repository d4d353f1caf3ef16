"""What an item says when it answers a caller: sentences that can be sent as they are."""

from typing import Any

from backend.domains.catalog.answer_text import MOST, answer_text
from tests.catalog_samples import sample


def material(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name, "form": "original", "count": 1, "necessity": "required", "source": "",
        "replaced_by_licence": None, "legal_basis": "", "note": "", **more,
    }  # fmt: skip


def test_an_item_says_what_it_is_on_what_conditions_and_what_to_bring() -> None:
    content = sample(
        conditions=["参加了社会保险", "卡丢了"],
        materials=[
            material("居民身份证", form="both", count=2),
            material("申请表", form="form", necessity="deferrable"),
            material("委托书", necessity="conditional", note="别人代办才要"),
            material("户口簿", form="copy", necessity="conditional"),
        ],
        fees=[{"name": "工本费", "amount_text": "20元", "basis": ""}],
        consult_phone="12333",
    )
    assert answer_text(content).splitlines() == [
        "卡丢了先挂失，再补一张",
        "办理条件：",
        "1. 参加了社会保险",
        "2. 卡丢了",
        "要带的材料：",
        "1. 居民身份证，原件和复印件2份",
        "2. 申请表，现场或网上填表（可以后补）",
        "3. 委托书，原件1份（别人代办才要）",
        "4. 户口簿，复印件1份（符合情形才要）",
        "多久办好：1个工作日",
        "收费：工本费20元",
        "咨询电话：12333",
    ]


def test_what_an_item_lacks_is_not_spoken_of() -> None:
    bare = sample(
        summary="", conditions=[], materials=[], promise_limit=None, fees=[], consult_phone=""
    )
    assert answer_text(bare) == "不收费"
    assert len(answer_text(sample(conditions=["很长的条件" * 300, "又一条" * 300]))) == MOST
