"""What the reading has to say: sentences in English, translated where they are shown."""

from collections.abc import Callable
from dataclasses import dataclass, field

N_: Callable[[str], str] = str  # Babel's mark: extracted here, translated where it is shown


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell: show `_(template) % values`."""

    code: str
    template: str
    values: dict[str, object] = field(default_factory=dict)
    place: str = ""

    def __str__(self) -> str:
        return self.template % self.values


SEVERAL = N_("The communiqué cannot be read: %(count)d things are missing or wrong.")


class Unreadable(Exception):
    """The communiqué cannot be read; `problems` tells each reason, in the text's order."""

    template: str
    values: dict[str, object]
    place: str
    problems: tuple[Finding, ...]

    def __init__(
        self,
        template: str,
        place: str = "",
        *,
        code: str = "unreadable",
        values: dict[str, object] | None = None,
        problems: tuple[Finding, ...] = (),
    ) -> None:
        self.template = template
        self.values = values or {}
        self.place = place
        self.problems = problems or (Finding(code, template, self.values, place),)
        super().__init__(template % self.values)

    @classmethod
    def because(cls, problems: list[Finding]) -> "Unreadable":
        """Give one exception for all that is wrong at once."""
        if len(problems) == 1:
            only = problems[0]
            return cls(only.template, only.place, code=only.code, values=only.values)
        return cls(SEVERAL, values={"count": len(problems)}, problems=tuple(problems))
