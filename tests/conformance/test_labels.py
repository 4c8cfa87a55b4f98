"""Everything that may stand in the journal or in the queue is called something in words."""

from __future__ import annotations

import ast
from pathlib import Path

import communs
from communs.core.jobs.backend import declared, discover
from communs.core.journal import labels

PACKAGE = Path(communs.__file__).parent


def actions() -> set[str]:
    """Give the name of every action written in the house."""
    return {
        str(ast.literal_eval(call.args[0]))
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        for call in node.decorator_list
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "action"
    }


def test_every_event_of_the_house_is_said_in_words() -> None:
    assert set(labels.events()) == actions()


def test_every_task_of_the_house_is_said_in_words() -> None:
    discover()
    ours = {path for path in declared if path.startswith("communs.")}
    assert set(labels.tasks()) == ours


def test_no_two_events_are_called_the_same() -> None:
    words = [str(said) for said in labels.events().values()]
    assert sorted(set(words)) == sorted(words)


def test_what_a_part_that_is_gone_left_keeps_its_name() -> None:
    assert labels.of_event("gone.thing_done") == "gone.thing_done"
    assert labels.of_task("gone.jobs.work") == "gone.jobs.work"
