"""Attachments and packages: what a document really is, decided by its bytes and never its name.

A Word or Excel file is a zip: it is measured before anything is unpacked, and refused where it
holds macros, entities or far more than its size promises.
"""

import io
import zipfile
from typing import IO
from uuid import UUID

from sqlalchemy import select

from backend.domains.knowledge import access, rules
from backend.domains.knowledge.model import Article, ArticleFile, ArticleVersion
from backend.kernel.access import Principal
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.files import MAX_BYTES, CleanFile, StoredFile, clean_image
from backend.kernel.uow import UnitOfWork

PURPOSE = "article_file"
PDF, DOCX, XLSX = "application/pdf", "application/x-docx", "application/x-xlsx"
# How each leaves: what is kept is short, what is sent is the registered name.
SENT_AS = {
    PDF: PDF,
    DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
}
EXTENSIONS = {PDF: "pdf", DOCX: "docx", XLSX: "xlsx", "image/jpeg": "jpg", "image/png": "png"}
UNPACKED_MOST = 60 * 1024 * 1024
ENTRIES_MOST = 3000
RATIO_MOST = 200
_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia")
PER_DAY = "200 per day"


def read_limited(stream: IO[bytes]) -> bytes:
    """The bytes of an upload; `Invalid` above 10 MiB or when empty."""
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise refused("文件太大，请选10MB以内的")
    if not raw:
        raise refused("文件是空的，请重新选择")
    return raw


def clean(stream: IO[bytes]) -> CleanFile:
    """A PDF, Word, Excel file or picture that is safe to keep; `Invalid` for all else."""
    raw = read_limited(stream)
    if raw.startswith(b"%PDF-"):
        if any(mark in raw for mark in _ACTIVE_PDF):
            raise refused("PDF 里有脚本或内嵌文件，请另存为普通 PDF 再传")
        return CleanFile(raw, PDF)
    if raw.startswith(b"PK\x03\x04"):
        return CleanFile(raw, package_kind(raw))
    return clean_image(io.BytesIO(raw))


def package_kind(raw: bytes) -> str:
    """`DOCX` or `XLSX` after measuring the package; `Invalid` for bombs, macros and others."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = _measured(package)
            for name in names:
                if name.endswith((".xml", ".rels")):
                    _check_xml(package, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise refused("文件打不开，请另存一份再传") from None
    for kind, part in _PARTS.items():
        if part in names and "[Content_Types].xml" in names:
            return kind
    raise refused("只收 Word（docx）、Excel（xlsx）、PDF 和图片")


def _measured(package: zipfile.ZipFile) -> set[str]:
    entries = package.infolist()
    if len(entries) > ENTRIES_MOST:
        raise refused("文件里的内容太多，请拆开再传")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > UNPACKED_MOST or unpacked > RATIO_MOST * max(packed, 10_000):
        raise refused("文件解开后太大，不能接收")
    names = {entry.filename for entry in entries}
    if any("vbaproject" in name.lower() for name in names):
        raise refused("文件里有宏，请另存为不带宏的格式再传")
    return names


def _check_xml(package: zipfile.ZipFile, name: str) -> None:
    # No document of an office names entities; those that do mean to blow up or to read files.
    promised = package.getinfo(name).file_size
    with package.open(name) as part:
        body = part.read(promised + 1)
    if len(body) > promised or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise refused("文件里有不能接收的内容")


def refused(text: str) -> Invalid:
    """A file that is not taken, with what to do."""
    return Invalid("bad_file", title="文件不能用", detail=text, fields={"file": [text]})


def upload(uow: UnitOfWork, stream: IO[bytes]) -> StoredFile:
    """Keep an attachment of the acting member of staff; it belongs to no article yet."""
    uow.services.limiter.hit(PER_DAY, "article_file", str(uow.actor.id))
    return uow.services.files.keep(uow, clean(stream), PURPOSE)


def for_staff(uow: UnitOfWork, who: Principal, article_id: UUID, file_id: UUID) -> StoredFile:
    """A file of a version in sight; an internal one only where internal parts may be read."""
    seen = access.sight(who)
    article = access.article(uow, who, article_id)
    conditions = [access.visible(seen)]
    if not (seen.whole(article.department_id) or seen.reads_internal(article.department_id)):
        conditions.append(ArticleFile.audience == rules.PUBLIC)
    return _found(uow, article.id, file_id, *conditions)


def for_residents(uow: UnitOfWork, article_id: UUID, file_id: UUID) -> StoredFile:
    """A public file of what is, or was, public; everything else is not there."""
    return _found(uow, article_id, file_id, access.public(), ArticleFile.audience == rules.PUBLIC)


def own(uow: UnitOfWork, file_id: UUID) -> StoredFile:
    """An attachment that the acting member of staff uploaded."""
    row = uow.session.get(StoredFile, file_id)
    if row is None or row.purpose != PURPOSE or row.owner_id != uow.actor.id:
        raise missing()
    return row


def _found(uow: UnitOfWork, article_id: UUID, file_id: UUID, *conditions: object) -> StoredFile:
    query = (
        select(StoredFile)
        .join(ArticleFile, ArticleFile.file_id == StoredFile.id)
        .join(ArticleVersion, ArticleVersion.id == ArticleFile.version_id)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(Article.id == article_id, StoredFile.id == file_id, *conditions)  # type: ignore[arg-type]  # conditions of `access`
        .limit(1)
    )
    row = uow.session.scalars(query).first()
    if row is None:
        raise missing()
    return row


def missing() -> NotFound:
    """No such file, or none for this reader."""
    return NotFound("file_unknown", title="没有找到这个文件", action="请刷新后再看")
