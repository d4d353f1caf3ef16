"""The report as a workbook: the figures, and beside them what each of them counts.

A cell that a spreadsheet would take for a formula is made a text: names of units and categories
are typed in by people.
"""

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from backend.domains.hotline import rates_rules
from backend.domains.hotline.reports import GROUP_TEXT
from backend.kernel.clock import local
from backend.kernel.sheet_rules import harmless

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PARTS = ("分子", "分母", "不计")


def workbook(report: dict[str, Any]) -> bytes:
    """An .xlsx with the sheets 三率 and 口径; rates are numbers in the format of a percentage."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("三率")
    sheet.column_dimensions["A"].width = 32
    sheet.freeze_panes = "B3"
    _line(sheet, [f"12345热线 {report['from']} 至 {report['to']}"], bold=True)
    titles: list[Any] = [GROUP_TEXT[report["group"]], "工单"]
    for text in rates_rules.RATE_TEXT.values():
        titles += [text, *(f"{text}{part}" for part in _PARTS)]
    _line(sheet, titles, bold=True)
    for row in [*report["rows"], report["total"]]:
        cells: list[Any] = [row["name"], row["tickets"]]
        for name in rates_rules.RATE_TEXT:
            rate = row[name]
            cells += [rate["rate"], rate["numerator"], rate["denominator"], rate["excluded"]]
        _line(sheet, cells, bold=row is report["total"])
    _meanings(book.create_sheet("口径"), report)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _meanings(sheet: Any, report: dict[str, Any]) -> None:
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 48
    moment = f"{local(report['as_of']):%Y-%m-%d %H:%M}"
    _line(sheet, ["统计时间", moment])
    _line(sheet, ["统计对象", "这些天进来的工单里，派给单位的和并入其中的"])
    for name, text in rates_rules.RATE_TEXT.items():
        _line(sheet, [text], bold=True)
        _line(sheet, ["分子", rates_rules.COUNTED_TEXT[name]])
        _line(sheet, ["分母", rates_rules.OF_TEXT[name]])
        if report["targets"][name] is not None:
            _line(sheet, ["目标", report["targets"][name]])
        for reason in report["total"][name]["reasons"]:
            _line(sheet, ["不计", reason["text"], reason["count"]])


def _line(sheet: Any, values: Iterable[Any], *, bold: bool = False) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"
        elif isinstance(value, float):
            cell.number_format = "0.0%"
        cell.font = Font(bold=bold)
        cells.append(cell)
    sheet.append(cells)
