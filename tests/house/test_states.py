"""Every state table is closed: no way leads nowhere, no state is a trap, and the docs draw it."""

import importlib
from collections.abc import Mapping
from enum import Enum

import pytest

from tests.house.tree import named, text


def _rules_modules() -> list[str]:
    paths = [
        path for path in named(".py", under=("backend", "appointments", "notifications"))
        if "rules" in path.stem and path.parts[:2] != ("backend", "migrations")
    ]  # fmt: skip
    return [".".join(path.with_suffix("").parts) for path in paths]


def _is_table(value: object) -> bool:
    return (
        isinstance(value, Mapping) and bool(value)
        and all(isinstance(key, tuple) and len(key) == 2 for key in value)
        and all(type(way).__name__ == "Transition" for way in value.values())
    )  # fmt: skip


def _plain(state: object) -> str:
    return str(state.value) if isinstance(state, Enum) else str(state)


def _tables() -> dict[str, tuple[object, Mapping]]:
    found = {}
    for name in _rules_modules():
        module = importlib.import_module(name)
        for attribute, value in vars(module).items():
            if attribute.isupper() and _is_table(value):
                found[f"{name}.{attribute}"] = (module, value)
    return found


TABLES = _tables()
every_table = pytest.mark.parametrize("name", sorted(TABLES))


def ends_of(module: object) -> set[str]:
    """The states a module declares to be the end: its constant `…ENDS` or `…FINAL…`."""
    declared: set[str] = set()
    for attribute, value in vars(module).items():
        if attribute.isupper() and ("ENDS" in attribute or "FINAL" in attribute):
            declared |= {_plain(state) for state in value}
    return declared


def test_the_tables_are_found() -> None:
    assert {"appointments.rules.TRANSITIONS", "notifications.rules.TRANSITIONS"} <= set(TABLES)


@every_table
def test_every_way_leads_to_a_state_with_a_way_out_or_to_a_declared_end(name: str) -> None:
    module, table = TABLES[name]
    sources = {_plain(state) for state, _ in table}
    targets = {_plain(way.to) for way in table.values()}
    stuck = targets - sources - ends_of(module)
    assert not stuck, f"no way out of {stuck}; if they are ends, name them in ENDS"


@every_table
def test_no_declared_end_has_a_way_out(name: str) -> None:
    module, table = TABLES[name]
    tables = [value for value in vars(module).values() if _is_table(value)]
    if len(tables) == 1:
        assert not ends_of(module) & {_plain(state) for state, _ in table}


@every_table
def test_from_every_state_an_end_can_be_reached_unless_it_has_none(name: str) -> None:
    _, table = TABLES[name]
    sources = {_plain(state) for state, _ in table}
    ends = {_plain(way.to) for way in table.values()} - sources
    if not ends:
        return
    reaching = set(ends)
    while True:
        more = {_plain(s) for (s, _), way in table.items() if _plain(way.to) in reaching}
        if more <= reaching:
            break
        reaching |= more
    assert sources <= reaching, sources - reaching


@every_table
def test_every_state_but_the_first_is_reached_from_another(name: str) -> None:
    _, table = TABLES[name]
    sources = {_plain(state) for state, _ in table}
    reached = {_plain(way.to) for (state, _), way in table.items() if way.to != state}
    assert len(sources - reached) <= 1, f"never reached: {sources - reached}"


@every_table
def test_the_documentation_draws_every_way(name: str) -> None:
    drawn = text("docs/state-machines.md")
    missing = [
        line
        for (state, action), way in TABLES[name][1].items()
        if (line := f"{_plain(state)} --> {_plain(way.to)}: {_plain(action)}") not in drawn
    ]
    assert not missing, "run python -m backend.cli diagrams"
