"""Python's collector, in processes that serve for months."""

from __future__ import annotations

import gc

_YOUNG = 10_000  # objects made before it looks for cycles: a large page makes as many
_OLDER = 20  # looks at the youngest before one at those that outlived them


def settle() -> None:
    """Leave out of its looks all that is loaded now, which stays until the process ends.

    Without it a quarter of what it costs to take readings in goes into looking through our modules.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
