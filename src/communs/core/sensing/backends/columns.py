"""A state's columns, in the order in which they are read and written, and how they move on."""

from communs.core.sensing.engine.states import HOUR

COLUMNS = (
    "value", "since", "heard", "sequence", "battery", "flips", "flips_from", "silent_from",
    "stuck_from", "calm_from",
)  # fmt: skip

_HELD = "(sensing_state.value IS NULL OR sensing_state.value = new.value)"
_NEW_HOUR = f"new.at - sensing_state.flips_from >= {HOUR}"
_FLIPS = f"(CASE WHEN {_NEW_HOUR} THEN 1 ELSE sensing_state.flips + 1 END)"


def advancing(silent: str, stuck: str, most: str) -> str:
    """Give the assignments that do what `Standing.hear` says of one reading, `new`.

    `silent`, `stuck` and `most` are where the statement has the source's limits.
    """
    same = "sensing_state.value = new.value"
    return (
        "heard = new.at, sequence = new.sequence, value = new.value,"
        f" silent_from = new.at + {silent},"
        " battery = COALESCE(new.battery, sensing_state.battery),"
        f" since = CASE WHEN {same} THEN sensing_state.since ELSE new.at END,"
        f" stuck_from = CASE WHEN {same} THEN sensing_state.stuck_from"
        f" ELSE COALESCE(new.at + {stuck}, sensing_state.stuck_from) END,"
        f" flips = CASE WHEN {_HELD} THEN sensing_state.flips ELSE {_FLIPS} END,"
        f" flips_from = CASE WHEN {_HELD} OR NOT {_NEW_HOUR} THEN sensing_state.flips_from"
        " ELSE new.at END,"
        f" calm_from = CASE WHEN {_HELD} OR {_FLIPS} <= {most} THEN sensing_state.calm_from"
        f" ELSE new.at + {HOUR} END"
    )


NEWER = "(sensing_state.heard IS NULL OR sensing_state.heard < new.at)"
