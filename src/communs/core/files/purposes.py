"""What files are for: each use says which kinds it takes, how large, how long, and who may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from communs.core.files.engine.kinds import KINDS
from communs.core.files.engine.verdict import MEGA, Limits

if TYPE_CHECKING:
    from django.utils.functional import Promise

_USUAL = Limits()
LARGEST = 200 * MEGA  # bytes; no purpose takes more, and no request may bring more


@dataclass(frozen=True, slots=True)
class Purpose:
    """A use of files. `keep_days` counts from the day a file is attached; None: while its owner is.

    A file that is not public is read by whom `permission` allows, asked with the file as subject.
    """

    key: str
    title: Promise | str
    kinds: tuple[str, ...]
    max_bytes: int = 10 * MEGA
    keep_days: int | None = None
    public: bool = False
    permission: str = "files.read_own"
    max_pixels: int = _USUAL.pixels
    max_side: int = _USUAL.side

    def __post_init__(self) -> None:
        unknown = set(self.kinds) - set(KINDS)
        if unknown or not self.kinds or not 0 < self.max_bytes <= LARGEST:
            message = f"Purpose {self.key}: kinds {sorted(unknown)}, {self.max_bytes} bytes."
            raise ValueError(message)

    @property
    def accept(self) -> str:
        """What a browser's file picker shows: extensions and media types."""
        kinds = [KINDS[key] for key in self.kinds]
        endings = [f".{ending}" for kind in kinds for ending in (kind.key, *kind.others)]
        return ",".join([*endings, *dict.fromkeys(kind.media_type for kind in kinds)])

    @property
    def written(self) -> frozenset[str]:
        """The kinds that files of this purpose have once kept: a still GIF becomes a PNG."""
        return frozenset("png" if kind == "gif" else kind for kind in self.kinds)


_known: dict[str, Purpose] = {}


def declare(*purposes: Purpose) -> None:
    """Make purposes known; a part does so once, where it declares its permissions."""
    for purpose in purposes:
        if _known.setdefault(purpose.key, purpose) != purpose:
            message = f"Two purposes are named {purpose.key}."
            raise ValueError(message)


def named(key: str) -> Purpose:
    """Give a purpose; raises LookupError for one that nobody declared."""
    if key not in _known:
        message = f"Unknown purpose of files: {key}"
        raise LookupError(message)
    return _known[key]


def all_purposes() -> list[Purpose]:
    """Give every purpose, by key."""
    return [_known[key] for key in sorted(_known)]
