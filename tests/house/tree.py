"""The files of the checkout, as the tests of the house read them."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SKIPPED = {".git", ".venv", "var", "build", "node_modules", "dist", "__pycache__", "unpackage",
            ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".schemathesis",
            ".import_linter_cache"}  # fmt: skip


@cache
def files() -> tuple[Path, ...]:
    """Every file of ours, relative to the root: what git tracks or would, else all but builds."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.split("\0")  # fmt: skip
        found = [Path(name) for name in listed if name]
        return tuple(path for path in found if (ROOT / path).is_file())
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in _SKIPPED]
        found += [(Path(folder) / name).relative_to(ROOT) for name in names]
    return tuple(sorted(found))


def named(*suffixes: str, under: tuple[str, ...] = ()) -> list[Path]:
    """Our files with one of these endings, below one of these folders (anywhere by default)."""
    return [
        path
        for path in files()
        if path.name.endswith(suffixes) and (not under or path.parts[0] in under)
    ]


def text(path: Path | str) -> str:
    """What a file holds; bytes that are not UTF-8 become marks."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
