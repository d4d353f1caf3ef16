"""`make requirements`: run the marked tests, then say what is shown and what is not."""

import csv
import json
import subprocess
import sys
from pathlib import Path

from tests.requirements_plugin import RESULT

ROOT = Path(__file__).parents[1]
LIST = ROOT / "docs" / "requirements.tsv"


def main() -> int:
    """Print each requirement with its tests; the last line counts them."""
    RESULT.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadfile",
        "-m",
        "requirement",
    ]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    shown: dict[str, list[str]] = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    known = {row["id"] for row in rows}
    for row in rows:
        tests = shown.get(row["id"], [])
        print(f"{'shown' if tests else '-----'}  {row['id']:<8} {row['must']}")
        for test in tests:
            print(f"                {test}")
    for name in sorted(set(shown) - known):
        print(f"a test marks {name}, which is not in docs/requirements.tsv")
        code = code or 1
    print(f"{len(known & set(shown))} of {len(rows)} requirements shown")
    return code


if __name__ == "__main__":
    sys.exit(main())
