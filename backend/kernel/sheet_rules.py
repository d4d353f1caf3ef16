"""Texts in spreadsheets. Pure."""

# What a spreadsheet begins a formula with, in both widths; blanks before it do not help.
_BEGINNINGS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BLANKS = "\t\r\n \u3000"
_MOST = 32_000


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet runs: an apostrophe before what begins a formula.

    Control characters that no workbook can hold are left out; over-long texts are cut.
    """
    kept = "".join(char for char in text if char >= " " or char in "\t\n")[:_MOST]
    if kept.lstrip(_BLANKS).startswith(_BEGINNINGS) or kept.startswith(("\t", "\n")):
        return f"'{kept}"
    return kept
