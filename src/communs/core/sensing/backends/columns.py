"""A state's columns, in the order in which they are read and written."""

COLUMNS = (
    "value", "since", "heard", "sequence", "battery", "flips", "flips_from", "silent_from",
    "stuck_from", "calm_from",
)  # fmt: skip
