"""The real WeChat build: compiled by WeChat's own tools, its pages run in the simulator."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = ROOT / "weapp-check"


def test_the_wechat_build_compiles_runs_and_carries_no_beacon() -> None:
    if not (CHECK / "node_modules").is_dir() or not shutil.which("npm"):
        pytest.skip("the front ends' packages are not installed; make test installs them")
    done = subprocess.run(
        ["npm", "test", "--silent"],
        cwd=CHECK,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    assert "# fail 0" in done.stdout
