"""The certificate as a page to print: no script, nothing from elsewhere."""

from typing import Any

import segno
from markupsafe import Markup, escape

from backend.domains.neighbourhood.point_rules import hours_text

_STYLE = Markup("""
@page { size: A4; margin: 18mm }
body { font: 16px/1.7 "Source Han Serif SC", "Noto Serif CJK SC", SimSun, serif; color: #1d2129;
  max-width: 720px; margin: 24px auto; padding: 0 16px }
h1 { text-align: center; letter-spacing: 8px; font-size: 30px; margin: 24px 0 }
table { width: 100%; border-collapse: collapse; margin: 16px 0 }
th, td { border: 1px solid #86909c; padding: 6px 10px; text-align: left }
td:last-child, th:last-child { text-align: right }
.foot { display: flex; gap: 24px; align-items: center; margin-top: 24px; font-size: 14px }
.foot img { width: 120px; height: 120px }
.over { border: 3px solid #b42318; color: #b42318; padding: 8px; text-align: center;
  font-weight: bold }
""")
_PAGE = Markup("""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>服务证明 {number}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>志愿服务证明</h1>{over}
<p>{name}在{first}至{last}期间参加本平台记录的社区志愿服务{activities}次，
合计<strong>{hours}</strong>。</p>
<table><thead><tr><th>日期</th><th>活动</th><th>类别</th><th>时长</th></tr></thead>
<tbody>{rows}</tbody></table>
<div class="foot"><img src="{qr}" alt="核验二维码"><p>证明编号：{number}<br>
开具时间：{issued}<br>扫码或在平台输入编号可以核验。核验时只显示时长和次数，不显示姓名。<br>
时长由社区工作人员确认；打印件以网上核验结果为准。</p></div></main></body></html>""")


def page(shown: dict[str, Any], issued: str) -> str:
    """The page of a certificate as `hours_view.certificate` shows it."""
    row = Markup("<tr><td>{day}</td><td>{title}</td><td>{kind}</td><td>{time}</td></tr>")
    rows = Markup("").join(
        row.format(
            day=line["day"], title=line["title"], kind=line["kind"],
            time=hours_text(line["minutes"]),
        )
        for line in shown["lines"]
    )  # fmt: skip
    over = Markup('<p class="over">{}</p>').format(f"已作废：{shown['reason']}")
    return str(
        _PAGE.format(
            number=shown["number"], style=_STYLE, name=escape(shown["name"]),
            first=shown["first_day"], last=shown["last_day"], activities=shown["activities"],
            hours=shown["hours_text"], rows=rows, issued=issued,
            over=over if shown["state"] != "valid" else "",
            qr=segno.make_qr(shown["check_url"], error="m").svg_data_uri(scale=4),
        )
    )  # fmt: skip
