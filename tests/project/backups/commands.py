"""The commands, as another installation would run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def communs(*words: str, into: str, data: Path) -> subprocess.CompletedProcess:
    env = {**os.environ, "COMMUNS_DATA": str(data), "LC_ALL": "en_US.UTF-8"}
    env.pop("DATABASE_URL", None)
    if "://" in into:
        env["DATABASE_URL"] = into
    else:
        env["COMMUNS_DATA"] = into
    return subprocess.run(
        [sys.executable, "-m", "communs.project.cli", *words],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
