"""What the fields of an article may hold, and what stands against submitting it. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.domains.knowledge.rules import (
    AUDIENCE_TEXT,
    INTERNAL,
    MATERIAL_TEXT,
    PUBLIC,
    SCRIPT,
    expired,
)

TITLE_MOST, SUMMARY_MOST, TEXT_MOST = 128, 300, 20_000
KEYWORD_MOST, KEYWORDS_MOST = 20, 30
UNIT_MOST, DOCUMENT_MOST, ADDRESS_MOST, NOTE_MOST = 100, 80, 300, 300
FILES_MOST, RELATED_MOST, REGIONS_MOST = 20, 30, 60
WORDS_MOST = 60
# What a version fixes, in the order an editor reads it.
LABELS = {
    "title": "标题", "summary": "摘要", "public_text": "公开内容", "internal_text": "内部内容",
    "material_kind": "材料类型", "keywords": "关键词", "issuing_unit": "发布单位",
    "document_number": "文号", "category_code": "分类", "audience": "公开范围",
    "region_codes": "适用地区", "effective_on": "生效日期", "expires_on": "失效日期",
    "source_url": "来源网址",
}  # fmt: skip
FIELDS = tuple(LABELS)

# Leaf categories beside those of the events: what people ask a hotline about, in groups. A code
# that events have as well is for the same field there (`property` is 物业 there, so not here).
CATEGORY_GROUPS: dict[str, dict[str, str]] = {
    "人力社保": {
        "social_insurance": "社会保险", "employment": "就业创业", "labour": "劳动关系",
        "talent": "人才服务",
    },
    "医疗健康": {"medical_insurance": "医疗保险", "health": "医疗卫生", "birth": "生育服务"},
    "教育文体": {"education": "教育入学", "culture": "文化体育", "tourism": "旅游"},
    "户籍出入境": {"household": "户籍身份证", "exit_entry": "出入境", "traffic": "交通车辆"},
    "住房建设": {"housing": "住房保障", "real_estate": "不动产登记", "provident": "住房公积金",
                 "estate": "物业管理", "construction": "工程建设"},
    "民政救助": {"welfare": "社会救助", "marriage": "婚姻收养", "elderly": "养老服务",
                 "disabled": "残疾人服务", "veterans": "退役军人"},
    "企业服务": {"company": "企业登记", "tax": "税费", "market": "市场监管", "subsidy": "惠企政策"},
    "公用事业": {"water": "供水", "power": "供电", "gas": "燃气", "transport": "公共交通"},
    "环境城管": {"environment": "生态环境", "city": "市容环卫", "parking": "停车"},
    "农业农村": {"farming": "农业农村"},
    "法律服务": {"law": "公共法律服务"},
    "综合": {"hotline": "热线业务", "emergency": "应急防灾", "general": "其他"},
}  # fmt: skip
CATEGORIES = {code: name for group in CATEGORY_GROUPS.values() for code, name in group.items()}
_ARTICLE_LINK = re.compile(
    r"(?:/articles/|article:)([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
)
_MARKDOWN_TARGET = re.compile(
    r"\]\(\s*<?([^)\s>]*)|^\s*\[[^\]]+\]:\s*(\S+)|<([a-zA-Z][\w+.-]*:[^>\s]*)>", re.MULTILINE
)
_SAFE_TARGET = re.compile(r"(?:https?://|tel:|mailto:|/|#|article:|item:)", re.IGNORECASE)
_HTML = re.compile(
    r"<\s*(?:script|iframe|object|embed|style|link|meta|svg|form|img|base)\b", re.IGNORECASE
)
_HTTP = re.compile(r"https?://[^\s/]+\S*\Z")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a version cannot be submitted: the field and what to do."""

    field: str
    text: str


def problems(content: Mapping[str, Any], today: date) -> list[Problem]:
    """All that stands against submitting this version; empty when it may go to review.

    `content` holds every key of `FIELDS`, dates as `date`.
    """
    return [*_lengths(content), *_choices(content), *_dates(content, today), *_texts(content)]


def _lengths(content: Mapping[str, Any]) -> list[Problem]:
    found = []
    limits = {
        "title": TITLE_MOST, "summary": SUMMARY_MOST, "public_text": TEXT_MOST,
        "internal_text": TEXT_MOST, "issuing_unit": UNIT_MOST, "document_number": DOCUMENT_MOST,
        "source_url": ADDRESS_MOST,
    }  # fmt: skip
    for field, most in limits.items():
        if len(content[field]) > most:
            found.append(Problem(field, f"{LABELS[field]}最多{most}个字"))
    for field in ("title", "issuing_unit"):
        if not content[field].strip():
            found.append(Problem(field, f"请填写{LABELS[field]}"))
    keywords = content["keywords"]
    if len(keywords) > KEYWORDS_MOST:
        found.append(Problem("keywords", f"关键词最多{KEYWORDS_MOST}个"))
    if any(not word.strip() or len(word) > KEYWORD_MOST for word in keywords):
        found.append(Problem("keywords", f"每个关键词1到{KEYWORD_MOST}个字"))
    return found


def _choices(content: Mapping[str, Any]) -> list[Problem]:
    found = []
    if content["material_kind"] not in MATERIAL_TEXT:
        found.append(Problem("material_kind", "请选择材料类型"))
    if content["audience"] not in AUDIENCE_TEXT:
        found.append(Problem("audience", "请选择公开还是内部"))
    elif content["material_kind"] == SCRIPT and content["audience"] == PUBLIC:
        found.append(Problem("audience", "话术只给话务员看，请选内部"))
    if not content["category_code"]:
        found.append(Problem("category_code", "请选择分类"))
    return found


def _dates(content: Mapping[str, Any], today: date) -> list[Problem]:
    begin, end = content["effective_on"], content["expires_on"]
    found = []
    if begin and end and end < begin:
        found.append(Problem("expires_on", "失效日期不能早于生效日期"))
    elif end and expired(end, today):
        found.append(Problem("expires_on", "失效日期已经过了，请改为今后的日期"))
    return found


def _texts(content: Mapping[str, Any]) -> list[Problem]:
    found = []
    if content["audience"] == PUBLIC and not content["public_text"].strip():
        found.append(Problem("public_text", "公开文章请写公开内容"))
    if content["audience"] == INTERNAL and not (
        content["public_text"].strip() or content["internal_text"].strip()
    ):
        found.append(Problem("internal_text", "请写内容"))
    for field in ("public_text", "internal_text"):
        text = markdown_problem(content[field])
        if text:
            found.append(Problem(field, text))
    if content["source_url"] and not _HTTP.match(content["source_url"]):
        found.append(Problem("source_url", "网址应以 http:// 或 https:// 开头"))
    return found


def markdown_problem(text: str) -> str | None:
    """What must not stand in a text, or None: HTML that runs, and links that do not lead away."""
    if _HTML.search(text):
        return "内容里不能有网页代码，请用纯文字或 Markdown"
    for found in _MARKDOWN_TARGET.finditer(text):
        target = next(part for part in found.groups() if part is not None)
        if target and not _SAFE_TARGET.match(target):
            return f"链接“{target[:40]}”不能用，请写完整网址"
    return None


def linked_articles(text: str) -> list[str]:
    """The ids of articles that a text links to, lower case, each once, in order."""
    return list(dict.fromkeys(found.lower() for found in _ARTICLE_LINK.findall(text)))


def title_key(title: str) -> str:
    """What two titles share that a reader would take for the same."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    return "".join(char for char in plain if char.isalnum())[:TITLE_MOST]


def miss_words(text: str) -> str:
    """Searched words as they are kept: one writing for the same question, nothing personal.

    Empty for what must not be kept (six digits in a row may be a phone, identity or plate
    number; an address of mail may be a name) or says nothing (less than two characters).
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if re.search(r"\d{6}", re.sub(r"[\s-]", "", plain)) or "@" in plain:
        return ""
    kept = "".join(char for char in plain if char.isalnum() or char == " ").strip()[:WORDS_MOST]
    return kept if len(kept) >= 2 else ""


def plain_text(markdown: str) -> str:
    """A text without the marks of Markdown, for snippets and for what is sent as a message."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    text = re.sub(r"^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+)", "", text, flags=re.MULTILINE)
    return re.sub(r"\*\*|__|`", "", text).strip()
