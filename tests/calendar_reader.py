"""Reads iCalendar back, by the letter of RFC 5545: for tests of what we write."""

from dataclasses import dataclass, field

_ESCAPES = {"\\": "\\", ";": ";", ",": ",", "n": "\n", "N": "\n"}


@dataclass
class Part:
    """A component: its properties by name, and the components in it."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    params: dict[str, dict[str, str]] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)

    def all(self, name: str) -> list["Part"]:
        """The components of this name directly in it."""
        return [part for part in self.parts if part.name == name]


def read(raw: bytes) -> Part:
    """The calendar in these octets; fails where a line breaks the standard."""
    assert raw.endswith(b"\r\n")
    physical = raw[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical), "a line is longer than 75 octets"
    for line in physical:
        line.decode()  # a fold through a character would not decode
        assert b"\n" not in line and b"\r" not in line
    root = Part("root")
    open_parts = [root]
    for line in raw[:-2].replace(b"\r\n ", b"").split(b"\r\n"):
        head, _, value = line.decode().partition(":")
        name, *params = head.split(";")
        if name == "BEGIN":
            fresh = Part(value)
            open_parts[-1].parts.append(fresh)
            open_parts.append(fresh)
        elif name == "END":
            assert open_parts.pop().name == value
        else:
            here = open_parts[-1]
            assert name not in here.values, f"{name} twice"
            here.values[name] = value
            here.params[name] = dict(param.split("=", 1) for param in params)
    assert open_parts == [root]
    [calendar] = root.parts
    return calendar


def text(value: str) -> str:
    """A TEXT value as it was before it was escaped."""
    found, marks = "", iter(value)
    for mark in marks:
        assert mark not in ";,", "a bare separator in TEXT"
        found += _ESCAPES[next(marks)] if mark == "\\" else mark
    return found
