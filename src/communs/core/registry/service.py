"""What a service says of itself: its manifest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import AppConfig
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from communs.core.communities.models import Community


def noop(sentence: str) -> str:
    """Mark a sentence to be translated where it is shown: options are read before settings are."""
    return sentence


class Options(BaseModel):
    """What a community may set in a service; every option has a default that works."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# For `Field(json_schema_extra=…)`: an option of this community alone, such as an address to write
# to. It is in no configuration that is shared, and no installed one changes it.
STAYS_HOME: dict[str, Any] = {"travels": False}


def travelling(options: type[Options]) -> list[str]:
    """Give the names of the options that go along when a configuration is shared."""
    found = options.model_fields.items()
    return [name for name, info in found if info.json_schema_extra != STAYS_HOME]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to fetch a data set: its route's name, its media type, the standard it follows.

    `specification` is where that standard is published, for programs.
    """

    label: str
    route: str
    media_type: str
    standard: str = ""
    specification: str = ""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Open data that a service publishes."""

    key: str
    title: Promise | str
    description: Promise | str
    licence: str
    formats: Sequence[Format]
    schema: str = ""  # where the model of a row is: "package.module:Model"
    keywords: Sequence[str] = ()  # by which portals of open data find it, in French


@dataclass(frozen=True, slots=True)
class Finding:
    """What a service's own check found: `ok`, `warning` or `error`, in one sentence."""

    level: str
    sentence: Promise | str


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link that a service puts in its community's menu."""

    label: Promise | str
    route: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What switched a service on where nobody there did: in words, and the page that tells more."""

    sentence: str
    place: Community
    route: str
    args: tuple[Any, ...] = ()


class Service(AppConfig):
    """Base of every manifest; the manifest is the AppConfig, and is found by its folder."""

    slug: ClassVar[str] = ""
    title: ClassVar[Promise | str] = ""
    summary: ClassVar[Promise | str] = ""
    icon: ClassVar[str] = "map"
    rows: ClassVar[tuple[int, ...]] = ()
    options: ClassVar[type[Options]] = Options
    permissions: ClassVar[Mapping[str, Any]] = {}
    events: ClassVar[Mapping[str, Any]] = {}  # each action's name, in words
    tasks: ClassVar[Mapping[str, Any]] = {}  # each task's, by the name of its function
    menu: ClassVar[Sequence[MenuEntry]] = ()
    datasets: ClassVar[Sequence[Dataset]] = ()
    start: ClassVar[str] = ""  # the route its card leads to; the menu's first unless said
    default_on: ClassVar[tuple[str, ...]] = ()

    default_auto_field = "django.db.models.BigAutoField"

    @property
    def key(self) -> str:
        """The service's name in code, in tables and in activations."""
        return self.label

    @property
    def home(self) -> str:
        """The route where the service begins, or nothing."""
        return self.start or (self.menu[0].route if self.menu else "")

    def ready(self) -> None:
        """Make the service's permissions known: its `rules` declare them."""
        self.module_named("rules")

    def check(self) -> Sequence[Finding]:
        """Tell what is wrong here, in the community in force: the service's `queries.findings`."""
        find = getattr(self.module_named("queries"), "findings", None)
        return find() if find else ()

    def origin(self, reference: str) -> Origin | None:
        """Tell what this service meant when it switched another on: its `queries.origin`."""
        find = getattr(self.module_named("queries"), "origin", None)
        return find(reference) if find else None

    def module_named(self, name: str) -> ModuleType | None:
        """Give one of the service's modules (`api`, `urls`, `demo`…), or None if it has none."""
        full = f"{self.name}.{name}"
        return import_module(full) if find_spec(full) else None


@dataclass(frozen=True, slots=True)
class Running:
    """A service as it runs for a community: on or off, with its options."""

    service: Service
    on: bool
    options: Options
    provenance: str = ""  # the service that switched it on, a colon, what it needs to tell why
