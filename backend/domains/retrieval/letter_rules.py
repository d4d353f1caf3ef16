"""Letters of a hotline begin and end with the same courtesies; what stands between counts."""

import re

_COURTESIES = re.compile(
    r"(?:尊敬的)?(?:网友|市民|来电人|群众)[^，。！：\n]{0,20}?[您你]好[！，。：,!]?"
    r"|[您你]的(?:留言|来信|来电|诉求|问题)(?:已|我们已)?(?:收悉|收到)[。，,]?"
    r"|现(?:将|就)?(?:有关|相关|具体)?(?:情况|问题)?(?:回复|答复|反馈)如下[：:]"
    r"|(?:再次)?感谢[您你][^。！\n]{0,30}(?:支持|理解|监督|关心|关注)[^。！\n]{0,12}[。！!]?"
    r"|(?:特此|专此)(?:回复|答复)[。！]?"
    r"|\d{4}年\d{1,2}月\d{1,2}日\s*$"
)


def without_courtesies(text: str) -> str:
    """`text` without the phrases that every letter has; the whole text if nothing else is left."""
    left = _COURTESIES.sub("", text).strip()
    return left or text
