"""The message log as a workbook; people are masked there as on the page."""

import io
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from backend.domains.messages import log, log_filters, rules
from backend.kernel.clock import local
from backend.kernel.sheet_rules import harmless
from backend.kernel.uow import UnitOfWork
from notifications.model import OutboxMessage

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The most messages of one file; its first line says when there are more.
MOST = 20_000
_BATCH = 500
_HEADS = (
    ("时间", 18), ("消息", 16), ("发给谁", 12), ("内容", 44), ("方式", 16), ("通道", 12),
    ("状态", 12), ("发送次数", 10), ("最近的问题", 40),
)  # fmt: skip


def workbook(uow: UnitOfWork, filters: dict[str, Any]) -> bytes:
    """An .xlsx with the newest messages that meet the filters, which its first line names."""
    query = (
        log_filters.chosen(uow, filters)
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(MOST + 1)
    )
    rows = list(uow.session.scalars(query))
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("消息记录")
    sheet.freeze_panes = "A3"
    for number, (_, width) in enumerate(_HEADS):
        sheet.column_dimensions["ABCDEFGHI"[number]].width = width
    _line(sheet, [_first_line(uow, filters, len(rows))], bold=True)
    _line(sheet, [title for title, _ in _HEADS], bold=True)
    for start in range(0, min(len(rows), MOST), _BATCH):
        for card in log.cards(uow, rows[start : min(start + _BATCH, MOST)]):
            _line(sheet, _cells(card))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _first_line(uow: UnitOfWork, filters: dict[str, Any], found: int) -> str:
    said = "、".join(log_filters.words(filters)) or "全部"
    more = f"；只含最近的 {MOST} 条" if found > MOST else ""
    return f"消息记录（{said}），{local(uow.now):%Y-%m-%d %H:%M}导出{more}"


def _cells(card: dict[str, Any]) -> list[Any]:
    return [
        f"{local(card['created_at']):%Y-%m-%d %H:%M:%S}", card["kind_text"], card["person_name"],
        rules.mask_receipts(card["title"]), card["channel_text"], card["provider"],
        card["state_text"], card["attempts"], card["last_error"],
    ]  # fmt: skip


def _line(sheet: Any, values: list[Any], *, bold: bool = False) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"
        cell.font = Font(bold=bold)
        cells.append(cell)
    sheet.append(cells)
