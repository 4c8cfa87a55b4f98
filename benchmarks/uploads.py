"""Hostile uploads: every bad file of the corpus, then thousands of mutated good ones.

Each is looked at as an upload of a public form would be. Printed: what became of them, the longest
look, the most memory that a bounded process held, and the cost of a plain photo.

    python benchmarks/uploads.py [--smoke] [--mutated 2000] [--seed 2018]

Exit status 1 if a look takes more than 10 s, holds more than 512 MB, breaks, or runs anything.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
MOST_SECONDS = 10.0
MOST_BYTES = 512 * 1024 * 1024


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--smoke", action="store_true", help="the corpus and 100 mutated files")
    parser.add_argument("--mutated", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=2018)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMMUNS_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "communs.project.settings"
        import django

        django.setup()
        return report(100 if options.smoke else options.mutated, options.seed)


def report(count: int, seed: int) -> int:
    from tests.core.files import corpus, samples

    from communs.core.files.sandbox import worker

    peaks = peaks_of(worker)
    look("photo.jpg", samples.image("JPEG"))  # starts the process
    watch = Watch(worker.pid or 0)
    watch.start()
    bad = [(item.name, item.content) for item in corpus.corpus()]
    failures = told("corpus", bad)
    failures += told("mutated", corpus.mutated(count, seed))
    watch.stop()
    print(f"most memory of a look: {max(peaks) / 2**20:.0f} MB (bound: {MOST_BYTES / 2**20:.0f})")
    print(f"programs started by looks: {len(watch.programs)}")
    photo = samples.image("JPEG", (4000, 3000), quality=92)
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        look("photo.jpg", photo)
        times.append(time.perf_counter() - begun)
    print(f"a photo of 12 megapixels, {len(photo) / 1e6:.1f} MB: {min(times) * 1000:.0f} ms")
    if max(peaks) > MOST_BYTES:
        failures.append(f"{max(peaks)} bytes held")
    failures += [f"started {name}" for name in watch.programs]
    for failure in failures:
        print("OVER", failure)
    return 1 if failures else 0


def peaks_of(worker: object) -> list[int]:
    """Give the list to which each look adds the most memory it held, as the kernel counts it."""
    peaks, ask = [0], worker.ask

    def counted(*arguments: object) -> dict:
        answer = ask(*arguments)
        # What says nothing was stopped by the kernel at its bound.
        peaks.append(answer.get("peak", MOST_BYTES))
        return answer

    worker.ask = counted
    return peaks


def told(title: str, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Look at each, print the counts, give what went wrong."""
    outcomes: Counter[str] = Counter()
    failures, longest = [], 0.0
    for name, content in files:
        begun = time.perf_counter()
        try:
            outcome = look(name, content)
        except Exception as error:  # noqa: BLE001 -- a crash is what is looked for
            failures.append(f"{title}: {name} broke: {error!r}")
            outcome = "broke"
        spent = time.perf_counter() - begun
        longest = max(longest, spent)
        outcomes[outcome] += 1
        if spent > MOST_SECONDS:
            failures.append(f"{title}: {name} took {spent:.1f} s")
    counts = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    print(f"{title}: {outcomes.total()} files: {counts}; longest look {longest * 1000:.0f} ms")
    return failures


def look(name: str, content: bytes) -> str:
    """Give « kept » or « refused », as the upload of a public form that takes everything."""
    from django.core.files.base import ContentFile

    from communs.core.files.engine.kinds import KINDS
    from communs.core.files.examining import examined
    from communs.core.files.purposes import Purpose
    from communs.core.kit.errors import Refused

    anything = Purpose("bench.any", "", tuple(KINDS), max_bytes=50 * 2**20, public=True)
    try:
        with examined(ContentFile(content, name), anything, field=None):
            return "kept"
    except Refused:
        return "refused"


class Watch(threading.Thread):
    """Watches the bounded processes from outside: they start nothing."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.programs, self.going = pid, set[str](), True

    def run(self) -> None:
        import psutil

        parent = psutil.Process(self.pid)
        while self.going:
            try:
                for child in parent.children(recursive=True):
                    if child.exe() not in {"", parent.exe()}:  # none: it is ending
                        self.programs.add(child.name())
            except psutil.Error:
                pass
            time.sleep(0.02)

    def stop(self) -> None:
        self.going = False
        self.join()


if __name__ == "__main__":
    sys.exit(main())
