"""Reading a bundle: a zip file or a folder, every line in its one true form."""

import json
import zipfile
import zlib
from pathlib import Path

FILES = (
    "vote.json",
    "roll.jsonl",
    "ballots.jsonl",
    "receipts.jsonl",
    "checkpoints.txt",
    "result.json",
    "key.txt",
)
MORE = ("README.txt",)
# A hundred thousand ballots are some 100 MB; a small file that unpacks to more is a trap.
MOST_BYTES = 400_000_000
UNREADABLE = (
    OSError,
    EOFError,
    MemoryError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class BadBundle(Exception):
    """It cannot be read as a bundle; the text says why."""


def load(path: Path) -> "dict[str, bytes]":
    """The files by name."""
    if not path.exists():
        raise BadBundle(f"找不到文件：{path}")
    try:
        return checked(_folder(path) if path.is_dir() else _unzipped(path))
    except UNREADABLE:
        raise BadBundle("文件打不开：不是下载的材料，或者没有下载完整") from None


def _folder(path: Path) -> "dict[str, bytes]":
    """An unpacked bundle. What a computer puts there by itself (`.DS_Store`) is passed over."""
    files = [one for one in path.iterdir() if one.is_file() and not one.name.startswith(".")]
    _not_too_large([one.stat().st_size for one in files])
    return {one.name: one.read_bytes() for one in files}


def _unzipped(path: Path) -> "dict[str, bytes]":
    """The files of a zip, read into memory; nothing is ever written to the disk."""
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        if len(set(names)) != len(names):
            raise BadBundle("压缩包里有重名的文件")
        if len(names) > len(FILES + MORE):
            raise BadBundle("压缩包里有多余的文件")
        _not_too_large([one.file_size for one in packed.infolist()])
        return {name: packed.read(name) for name in names}


def _not_too_large(sizes: "list[int]") -> None:
    if sum(sizes) > MOST_BYTES:
        raise BadBundle("材料大得不正常，没有打开")


def checked(found: "dict[str, bytes]") -> "dict[str, bytes]":
    """The files, if all are there and no other."""
    missing = [name for name in FILES if name not in found]
    strange = [plain(name) for name in found if name not in FILES + MORE]
    if missing:
        raise BadBundle(f"缺少文件：{'、'.join(missing)}")
    if strange:
        raise BadBundle(f"多出文件：{'、'.join(strange)}")
    return found


def plain(text: object) -> str:
    """A text of the bundle fit to be shown: no line of its own, nothing that steers the screen."""
    shown = "".join(one if one.isprintable() else " " for one in str(text))
    return shown if len(shown) <= 200 else f"{shown[:200]}…"


def canonical(value: object) -> bytes:
    """The one way to write a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def one(body: bytes, name: str) -> dict:
    """A file that holds one object."""
    found = lines(body, name)
    if len(found) != 1:
        raise BadBundle(f"{name} 应当只有一行")
    return found[0][1]


def lines(body: bytes, name: str) -> "list[tuple[bytes, dict]]":
    """The lines of a file with what they say."""
    if body and not body.endswith(b"\n"):
        raise BadBundle(f"{name} 的最后一行不完整")
    found = []
    for number, raw in enumerate(body.split(b"\n")[:-1], 1):
        try:
            value = json.loads(raw, parse_float=_refused, parse_constant=_refused)
            same = isinstance(value, dict) and canonical(value) == raw
        except (ValueError, RecursionError):
            same = False
        if not same:
            raise BadBundle(f"{name} 第{number}行的写法不对")
        found.append((raw, value))
    return found


def _refused(text: str) -> None:
    """Every number of a bundle is whole."""
    raise ValueError(text)
