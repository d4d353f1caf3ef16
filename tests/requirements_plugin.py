"""Which requirements the passing tests of this run show; `make requirements` prints it."""

import json
from pathlib import Path
from typing import Any

import pytest

RESULT = Path(__file__).parents[1] / "build" / "requirements.json"


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line("markers", "requirement(*ids): the test shows these requirements met")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the ids with the test so that its report carries them, from any worker."""
    for item in items:
        for mark in item.iter_markers("requirement"):
            for name in mark.args:
                item.user_properties.append(("requirement", name))


class _Collector:
    def __init__(self) -> None:
        self.shown: dict[str, list[str]] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)
        if report.when == "call" and report.passed:
            for key, value in report.user_properties:
                if key == "requirement":
                    self.shown.setdefault(str(value), []).append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput"):
            return
        found: dict[str, Any] = {
            name: sorted(set(tests) - self.failed) for name, tests in sorted(self.shown.items())
        }
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps({k: v for k, v in found.items() if v}, indent=1))


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start collecting (on the controller; workers send their reports there)."""
    session.config.pluginmanager.register(_Collector(), "requirement-collector")
