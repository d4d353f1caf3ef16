"""What stands in a script: questions, what to say, and the lines of a form. Pure.

A script is plain Markdown under up to three headings, 问, 说 and 记; what stands under none of them
is said.
"""

import re
from dataclasses import dataclass

ASK, SAY, FORM = "问", "说", "记"
_HEADING = re.compile(r"#{1,6}\s*(?:要)?([问说记])")
_MARK = re.compile(r"(?:[-*+]|\d+[.、])\s*")


@dataclass(frozen=True, slots=True)
class Parts:
    """Questions one by one; `form` are lines that the answers go behind."""

    ask: list[str]
    say: str
    form: str


def parts(text: str) -> Parts:
    """The parts of a script."""
    found: dict[str, list[str]] = {ASK: [], SAY: [], FORM: []}
    under = SAY
    for line in text.splitlines():
        heading = _HEADING.match(line.strip())
        if heading:
            under = heading[1]
        elif line.strip():
            plain = line.strip()
            found[under].append(plain if under == SAY else _MARK.sub("", plain, count=1))
    return Parts(found[ASK], "\n".join(found[SAY]), "\n".join(found[FORM]))
