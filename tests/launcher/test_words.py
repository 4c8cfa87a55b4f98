"""What the launcher says before it sets anything up."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.launcher.starting import NBSP, ROOT, environment, launch

USAGE = [
    f"Usage{NBSP}:",
    "  ./launch run [options]    prépare puis ouvre Communs (--help pour les options)",
    "  ./launch test [options]   lance les tests (options de pytest)",
    "  ./launch communs …        toute autre commande de Communs",
    "  ./launch help             ce rappel",
]
PRETEND = "import runpy, sys; sys.version_info = (3, 9, 2); sys.argv = sys.argv[1:]"
PRETEND += "; runpy.run_path(sys.argv[0], run_name='__main__')"


def with_python_3_9(path: Path, *words: str) -> tuple[int, str, str]:
    """Run the launcher under a Python that says it is 3.9.2, with that PATH."""
    command = [sys.executable, "-c", PRETEND, str(ROOT / "launch"), *words]
    env = environment(PATH=str(path))
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_no_word_or_help_gives_the_usage():
    assert launch(ROOT) == launch(ROOT, "help") == launch(ROOT, "--help") == ["0", *USAGE]


def test_an_unknown_word_is_refused_with_the_usage():
    refusal = f"«{NBSP}runn{NBSP}» n’est pas une commande."
    assert launch(ROOT, "runn") == ["2", refusal, *USAGE]


def test_an_english_terminal_is_answered_in_english():
    said = launch(ROOT, "runn", LC_ALL="en_GB.UTF-8")
    assert said[:3] == ["2", "“runn” is not a command.", "Usage:"]


def test_an_old_python_without_a_newer_one_is_told_so_in_one_sentence(tmp_path: Path):
    sentence = f"Python 3.11 ou plus récent est nécessaire{NBSP}; celui-ci est 3.9.2.\n"
    assert with_python_3_9(tmp_path, "run") == (1, "", sentence)


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(tmp_path: Path):
    newer = tmp_path / "python3.12"
    newer.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    newer.chmod(0o755)
    assert with_python_3_9(tmp_path, "help") == (0, "\n".join(USAGE) + "\n", "")


def test_a_python_as_old_as_3_6_can_read_the_launcher():
    tree = ast.parse((ROOT / "launch").read_text(encoding="utf-8"), feature_version=(3, 6))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    notes = [a.annotation for f in functions for a in f.args.args] + [f.returns for f in functions]
    evaluated = [n for n in notes if isinstance(n, ast.Subscript | ast.BinOp)]
    assert [ast.unparse(note) for note in evaluated] == []
