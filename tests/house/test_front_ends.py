"""The front ends: generated types are current, builds ask no foreign host and report to nobody."""

import re
import shutil
import subprocess

import pytest

from tests.house.tree import ROOT, named, text

FRONT_ENDS = ("console", "miniprogram")
TYPES = "src/api/schema.d.ts"
BUILDS = ("console/dist", "miniprogram/dist/build/h5", "miniprogram/dist/build/mp-weixin")
# Addresses that appear in code without being called: namespaces and licences.
NAMED_ONLY = ("www.w3.org", "json-schema.org", "vuejs.org", "developer.mozilla.org", "github.com",
              "127.0.0.1", "localhost", "example", "feross.org", "new.vuejs.org", "v3-migration")  # fmt: skip
BEACONS = ("tongji.dcloud", "hm.baidu.com", "google-analytics", "googletagmanager", "sentry.io",
           "umami", "cnzz.com", "growingio", "sensorsdata", "__uniStat", "uniStatistics\":{\"enable\":true")  # fmt: skip


@pytest.mark.parametrize("name", FRONT_ENDS)
def test_the_types_of_the_api_are_generated_and_current(name: str, tmp_path) -> None:
    committed = ROOT / name / TYPES
    assert committed.is_file(), "run make openapi"
    tool = ROOT / name / "node_modules" / ".bin" / "openapi-typescript"
    if not tool.exists() or not shutil.which("node"):
        pytest.skip("node_modules are not installed here; make test installs them")
    fresh = tmp_path / "schema.d.ts"
    subprocess.run(
        [str(tool), str(ROOT / "docs" / "openapi.json"), "-o", str(fresh)],
        cwd=ROOT / name, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert fresh.read_text(encoding="utf-8") == committed.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", BUILDS)
def test_a_build_carries_no_beacon_and_no_machine(folder: str) -> None:
    built = ROOT / folder
    if not built.is_dir():
        pytest.skip("not built here; make test builds it")
    wrong = []
    for path in built.rglob("*"):
        if path.suffix not in (".js", ".html", ".css", ".json", ".wxml", ".wxss", ".map"):
            continue
        content = path.read_text(encoding="utf-8", errors="replace")
        wrong += [f"{path.name}: {one}" for one in BEACONS if one in content]
        if str(ROOT) in content:
            wrong.append(f"{path.name} names the folder it was built in")
    assert not wrong, wrong


def test_the_sources_call_no_foreign_host() -> None:
    wrong = []
    for path in named(".ts", ".vue", ".html", ".css", ".scss", under=FRONT_ENDS):
        if "tests" in path.parts or path.name == "schema.d.ts":
            continue
        for host in re.findall(r"(?:https?:)?//([a-z0-9.-]+\.[a-z]{2,})", text(path)):
            if not any(known in host for known in NAMED_ONLY):
                wrong.append(f"{path}: {host}")
    assert not wrong, wrong


def test_statistics_of_the_framework_are_switched_off() -> None:
    for path in named("manifest.json", under=("miniprogram",)):
        assert '"enable": true' not in text(path).partition("uniStatistics")[2][:80]
