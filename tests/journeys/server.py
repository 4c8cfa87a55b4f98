"""One Communs with its demonstration, as a person would start it, in a folder of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher.starting import READY, ROOT, UNWELL, environment, free_port
from tests.snapshots import copied


def _prepare(data: Path) -> None:
    """Make the tables and the demonstration, which `communs run` would make first."""
    command = [sys.executable, "-m", "communs.project.cli", "prepare"]
    variables = environment(COMMUNS_DATA=str(data), PYTHONPATH=str(ROOT / "src"), PYTHONUTF8="1")
    subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, check=True)


class Server:
    """`communs run` in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        self.said: list[str] = []
        self.data = folder / "data"
        self.mail = self.data / "mail"
        self.log = folder / "server.log"
        if "--empty" not in arguments:
            copied("journeys", _prepare, self.data)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "communs.project.cli", "run", *arguments],
                cwd=ROOT,
                env=environment(
                    COMMUNS_DATA=str(folder / "data"),
                    COMMUNS_PORT=str(free_port()),
                    PYTHONPATH=str(ROOT / "src"),
                    PYTHONUTF8="1",
                    PYTHONUNBUFFERED="1",
                    **settings,
                ),
                stdout=subprocess.PIPE,
                stderr=log,
                stdin=subprocess.DEVNULL,
                text=True,
            )
        self.origin = self._until_ready()

    def stop(self) -> None:
        """End it as Ctrl+C does; it must end well, and have met no error of its own."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=60)
        if self.process.stdout:
            self.process.stdout.close()
        logged = self.log.read_text().splitlines()
        errors = [line for line in logged if " ERROR " in line or "Traceback" in line]
        assert errors == [], "\n".join(errors)
        assert code == 0, f"the server ended with {code}"

    def _until_ready(self) -> str:
        for line in self.process.stdout or ():
            self.said.append(line)
            if line.startswith(READY):
                return line.removeprefix(READY).split(" ")[0].rstrip("/")
            if line.startswith(UNWELL):
                break
        self.process.kill()
        self.process.wait()
        pytest.fail("The server was never ready:\n" + "".join(self.said) + self.log.read_text())
