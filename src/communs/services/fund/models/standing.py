"""What a person is to the fund: tasks, organisations they act for, and those they may not judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from communs.core.access.enums import Role
from communs.core.access.queries import roles_by_community
from communs.core.communities.scope import current
from communs.core.kit.periods import in_force
from communs.services.fund.enums import Duty
from communs.services.fund.models.people import Appointment, Contact, Interest, Organisation

_WRITERS = frozenset({Role.ADMINISTRATOR, Role.EDITOR})
_READERS = frozenset({Duty.MANAGER, Duty.INSTRUCTOR, Duty.ADVISER})
_SITTING = frozenset({Duty.MEMBER, Duty.CHAIR, Duty.SECRETARY, Duty.BUREAU, Duty.RECORDER})


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's tasks that day; organisations for which they write, and those they commit.

    `bodies` are the communities for which they write, whether or not the fund knows them yet.
    `concerned` are the organisations whose files they may not judge, and `shunned` such files.
    """

    duties: frozenset[str] = frozenset()
    manages: bool = False
    writes: frozenset[UUID] = frozenset()
    signs: frozenset[UUID] = frozenset()
    bodies: frozenset[UUID] = frozenset()
    concerned: frozenset[UUID] = frozenset()
    shunned: frozenset[UUID] = frozenset()

    @property
    def reads_files(self) -> bool:
        """Tell whether they read what was filed, whoever filed it."""
        return self.manages or bool(self.duties & _READERS)

    @property
    def reads_agreements(self) -> bool:
        """Tell whether they read what was agreed, whoever agreed it."""
        return self.reads_files or self.pays

    @property
    def applies(self) -> bool:
        """Tell whether they write for an organisation, or could begin to."""
        return bool(self.writes or self.bodies)

    @property
    def sits(self) -> bool:
        """Tell whether they read what is before the committee and the Bureau."""
        return bool(self.duties & _SITTING)

    @property
    def pays(self) -> bool:
        """Tell whether they read what was awarded, to pay it."""
        return Duty.FINANCE in self.duties

    @property
    def reviews(self) -> bool:
        """Tell whether they may be given files to examine."""
        return bool(self.duties & {Duty.EXPERT, Duty.MEMBER, Duty.CHAIR})

    @property
    def examines(self) -> bool:
        """Tell whether they decide on completeness and eligibility."""
        return self.manages or Duty.INSTRUCTOR in self.duties


def standing_of(person: Any, *, on: date) -> Standing:
    """Give what a person is to the fund that day; three queries at most, once a request."""
    if person is None or not person.is_authenticated:
        return Standing()
    known: dict[Any, Standing] = person.__dict__.setdefault("_fund_standing", {})
    key = (current().pk, on)
    if key not in known:
        known[key] = _standing(person, on)
    return known[key]


def _standing(person: Any, on: date) -> Standing:
    told = _tasks(person, on)
    duties, firms = told["duty"], _keys(told["firm"])
    roles = roles_by_community(person, on=on)
    bodies = {key for key, names in roles.items() if names & _WRITERS}
    judged = {*roles, *_keys(told["mandate"])} - {current().pk} if duties else set()
    known = _organisations(bodies | judged) if bodies | judged else {}
    theirs = {key: body for key, body in known.items() if body in bodies}
    signs = {key for key, body in theirs.items() if Role.ADMINISTRATOR in roles[body]}
    concerned = {key for key, body in known.items() if body in judged} | _keys(told["tied"])
    here = roles.get(current().pk, set())
    return Standing(
        duties=frozenset(duties),
        manages=Duty.MANAGER in duties or Role.ADMINISTRATOR in here,
        writes=frozenset(theirs) | firms,
        signs=frozenset(signs) | firms,
        bodies=frozenset(bodies),
        concerned=frozenset(concerned | (firms if duties else set())),
        shunned=frozenset(_keys(told["shunned"])),
    )


def _tasks(person: Any, on: date) -> dict[str, set[str]]:
    """Give tasks in the fund, mandates, firms that one acts for, and declared ties; one query."""
    tasks, firms, ties = (
        model.objects.filter(in_force(on), person=person).order_by()
        for model in (Appointment, Contact, Interest)
    )
    found = _said(tasks, "duty", F("duty")).union(
        _said(tasks.exclude(mandate=None), "mandate", _key("mandate")),
        _said(firms, "firm", _key("organisation")),
        _said(ties.exclude(organisation=None), "tied", _key("organisation")),
        _said(ties.exclude(application=None), "shunned", _key("application")),
    )
    told: dict[str, set[str]] = {w: set() for w in ("duty", "mandate", "firm", "tied", "shunned")}
    for what, value in found:
        told[what].add(value)
    return told


def _keys(told: set[str]) -> set[UUID]:
    return set(map(UUID, told))


def _key(name: str) -> Any:
    return Cast(f"{name}_id", CharField())


def _said(rows: Any, what: str, value: Any) -> Any:
    return rows.annotate(what=Value(what), value=value).values_list("what", "value")


def _organisations(bodies: set[UUID]) -> dict[UUID, UUID]:
    found = Organisation.objects.filter(body__in=bodies).order_by()
    return dict(found.values_list("pk", "body"))
