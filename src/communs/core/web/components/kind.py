"""What a component is: a macro, its options, examples that really render."""

from dataclasses import dataclass

from jinja2 import Environment, pass_environment
from markupsafe import Markup

from communs.core.web.components.samples import samples

REQUIRED = "—"
LINK = "link {label, href}"
LINKS = "list of {label, href}"

Line = tuple[str, str, str] | tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """An argument of a macro; `default` as a template writes it."""

    name: str
    type: str
    default: str
    help: str


@dataclass(frozen=True, slots=True)
class Example:
    """A use of a component, as a template writes it; `samples()` gives its variables."""

    title: str
    call: str
    live: bool = True  # False: opens a page, so the gallery shows its source only

    @pass_environment
    def render(self, environment: Environment) -> Markup:
        """Draw the example with the environment of the page that shows it."""
        kit = vars(environment.get_template("kit/all.html").module)
        macros = {name: macro for name, macro in kit.items() if not name.startswith("_")}
        template = environment.from_string(self.call)
        return Markup(template.render(macros | samples()))  # noqa: S704 - ours, and escaped inside


@dataclass(frozen=True, slots=True)
class Component:
    """A macro of the kit; `block` says that it also takes what stands between `call` tags."""

    name: str
    summary: str
    options: tuple[Option, ...]
    examples: tuple[Example, ...]
    block: bool = False


def component(
    name: str,
    summary: str,
    options: list[Line],
    *examples: tuple[str, str] | tuple[str, str, bool],
    block: bool = False,
) -> Component:
    """Declare a component; an option of three words is required, of four has a default."""
    made = tuple(_option(*line) for line in options)
    return Component(name, summary, made, tuple(Example(*e) for e in examples), block)


def _option(name: str, kind: str, *rest: str) -> Option:
    default = rest[0] if len(rest) > 1 else REQUIRED
    return Option(name, kind, default, rest[-1])
