"""Words without whom they are about: names, telephone and other numbers, doors. Pure.

A closed ticket answers the next caller, who must not learn of the first one. Names are found
by whoever calls this (a dictionary is no rule); everything here goes by its shape. It takes
rather too much than too little: amounts and years stay, any other long number goes.
"""

import re
from collections.abc import Iterable

NAME, NUMBER, PLATE, DOOR = "某某", "（号码略）", "（车牌略）", "某"
# Numbers that help everybody and belong to nobody.
PUBLIC_NUMBERS = frozenset(
    {
        "110", "119", "120", "122", "12110", "12123", "12305", "12309", "12315", "12320",
        "12328", "12329", "12333", "12336", "12345", "12348", "12351", "12355", "12366", "12367",
        "12368", "12369", "12371", "12380", "12388", "12389", "12393", "95598", "96110",
    }
)  # fmt: skip
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
    r"[A-Z][·• ]?[A-Z0-9]{4,5}[A-Z0-9挂学警港澳]"
)
_MAIL = re.compile(r"[A-Za-z0-9._+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+")
_DIGITS = "0-9０-９"
# Telephones with blanks or dashes in them, identity and receipt numbers, bank cards.
_LONG = re.compile(rf"[A-Za-z]?[{_DIGITS}][{_DIGITS} \-－—]*[{_DIGITS}](?:[xX]|-[{_DIGITS}])?")
_ACCOUNT = re.compile(r"(微信号?|[Qq]{2}号?|支付宝)[是为:： ]*[A-Za-z0-9_\-]{5,}")
_CHINESE = "一二三四五六七八九十百零〇两"
_DOOR = re.compile(
    rf"(?:[{_DIGITS}]+[A-Za-z]?|[A-Za-z][{_DIGITS}]*|[{_CHINESE}]+|[甲乙丙丁])"
    r"(号楼|号院|栋|幢|单元|室|房(?![屋子产间])|座|号(?!线|文))"
)
_SELF = re.compile(
    r"(我叫|我是|本人|姓名|联系人)([是为:： ]{0,2})([\u4e00-\u9fff]{2,4})(?=[，。,；;、\s]|$)"
)
_TITLED = re.compile(
    r"[赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗"
    r"方俞任袁柳史唐费薛雷贺倪汤罗毕郝安常于傅顾孟黄穆萧尹姚邵汪祁毛米贝戴宋熊纪舒项祝董梁杜阮"
    r"蓝季贾路江童郭梅林钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓崔龚程裴陆翁甄曲封储段侯全班秋伊"
    r"宁甘武符刘景叶白蒲赖卓池乔闻党翟谭姬申冉桂牛边燕尚温庄晏瞿连习艾容向古廖衡步都耿满匡文"
    r"寇广欧沃利师聂关荆司]某{0,2}(先生|女士|小姐|大爷|大妈|阿姨|老师|师傅|医生|经理|老板|同志)"
)
_MONEY = re.compile(rf"^[{_DIGITS}]{{1,9}}$")


def scrub(text: str, names: Iterable[str] = ()) -> str:
    """`text` without `names` and without everything that has the shape of somebody's number."""
    for name in sorted({one for one in names if len(one) > 1}, key=len, reverse=True):
        text = text.replace(name, NAME)
    text = _MAIL.sub(NUMBER, text)
    text = _ACCOUNT.sub(lambda found: found[1] + NUMBER, text)
    text = _PLATE.sub(PLATE, text)
    text = _SELF.sub(lambda found: found[1] + found[2] + NAME, text)
    text = _TITLED.sub(lambda found: "某" + found[1], text)
    text = _DOOR.sub(lambda found: DOOR + found[1], text)
    return _LONG.sub(lambda found: _number(text, found), text)


def _number(text: str, found: re.Match[str]) -> str:
    """A run of digits as it may stay: public numbers, years, amounts and small counts."""
    run = found[0]
    digits = re.sub(r"\D", "", run)
    after = text[found.end() : found.end() + 1]
    if digits in PUBLIC_NUMBERS or len(digits) < 5:
        return run
    if after and after in "元万块" and _MONEY.match(run):
        return run
    return NUMBER
