"""Reading a bundle: a zip file or a folder, every line in its one true form."""

import json
import zipfile
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


class BadBundle(Exception):
    """It cannot be read as a bundle; the text says why."""


def load(path: Path) -> "dict[str, bytes]":
    """The files by name."""
    return checked(_folder(path) if path.is_dir() else _unzipped(path))


def _folder(path: Path) -> "dict[str, bytes]":
    return {one.name: one.read_bytes() for one in path.iterdir() if one.is_file()}


def _unzipped(path: Path) -> "dict[str, bytes]":
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            if len(set(names)) != len(names):
                raise BadBundle("压缩包里有重名的文件")
            return {name: packed.read(name) for name in names}
    except (OSError, zipfile.BadZipFile, ValueError, RuntimeError) as error:
        raise BadBundle(f"压缩包打不开：{error}") from None


def checked(found: "dict[str, bytes]") -> "dict[str, bytes]":
    """The files, if all are there and no other."""
    missing = [name for name in FILES if name not in found]
    strange = [name for name in found if name not in FILES + MORE]
    if missing:
        raise BadBundle(f"缺少文件：{'、'.join(missing)}")
    if strange:
        raise BadBundle(f"多出文件：{'、'.join(strange)}")
    return found


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
            value = json.loads(raw)
            same = isinstance(value, dict) and canonical(value) == raw
        except (ValueError, RecursionError):
            same = False
        if not same:
            raise BadBundle(f"{name} 第{number}行的写法不对")
        found.append((raw, value))
    return found
