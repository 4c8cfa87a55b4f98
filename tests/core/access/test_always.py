"""Whatever members do: no right outside its days, and always an administrator."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from communs.core.access import actions
from communs.core.access.enums import Role
from communs.core.access.models import Delegation, Invitation, Membership
from communs.core.access.rules import roles_of
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Forbidden, Refused
from communs.core.people.models import Person

BEGINNING = date(2026, 1, 1)
SPAN = st.integers(0, 6)
ROLES = st.sampled_from(list(Role))
_numbers = count()


class Members(RuleBasedStateMachine):
    """A model in plain sets beside the real thing: who holds what on which day."""

    def __init__(self) -> None:
        super().__init__()
        self.today = BEGINNING
        self.people: list[Person] = []
        self.invitations: list[Invitation] = []

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        place = Community.objects.get(slug="sceaux")
        self.scope = within(place)
        self.scope.__enter__()
        first = self._somebody()
        actions.make_first_administrator(person=first, on=self.today, by=first)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(role=ROLES)
    def invite(self, role: Role) -> None:
        email = f"n{next(_numbers)}@example.org"
        row = actions.invite(
            email=email, role=role, at=self._now(), on=self.today, by=self.people[0]
        )
        self.invitations.append(row)

    @precondition(lambda self: self.invitations)
    @rule(data=st.data(), who=st.integers(0, 5))
    def accept(self, data: st.DataObject, who: int) -> None:
        row = data.draw(st.sampled_from(self.invitations))
        person = self.people[who] if who < len(self.people) else self._somebody()
        try:
            actions.accept_invitation(invitation=row, at=self._now(), on=self.today, by=person)
        except Refused:
            expired = row.expires_at <= self._now()
            used = not Invitation.objects.filter(pk=row.pk).exists()
            assert expired or used or self._own_roles(person.pk, self.today)

    @precondition(lambda self: self.people)
    @rule(data=st.data(), role=ROLES)
    def change(self, data: st.DataObject, role: Role) -> None:
        row = self._membership(data)
        try:
            actions.change_role(
                membership=row, role=role, on=self.today, by=data.draw(st.sampled_from(self.people))
            )
        except Refused:
            return

    @rule(data=st.data(), span=SPAN)
    def end(self, data: st.DataObject, span: int) -> None:
        row = self._membership(data)
        until = self.today + timedelta(days=span - 1)
        try:
            actions.end_membership(membership=row, until=until, on=self.today, by=self.people[0])
        except Refused:
            return

    @rule(data=st.data(), start=SPAN, span=SPAN)
    def delegate(self, data: st.DataObject, start: int, span: int) -> None:
        since = self.today + timedelta(days=start)
        try:
            actions.delegate(
                to=self._membership(data),
                since=since,
                until=since + timedelta(days=span),
                on=self.today,
                by=data.draw(st.sampled_from(self.people)),
            )
        except (Refused, Forbidden):
            return

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        rows = list(Delegation.objects.order_by("id"))
        if rows:
            row = data.draw(st.sampled_from(rows))
            actions.revoke_delegation(delegation=row, on=self.today, by=self.people[0])

    @invariant()
    def there_is_always_an_administrator(self) -> None:
        if not self.people:
            return
        for ahead in range(12):
            day = self.today + timedelta(days=ahead)
            holders = [row for row in Membership.objects.all() if _is_held(row, day)]
            assert any(row.role == Role.ADMINISTRATOR for row in holders), day

    @invariant()
    def nobody_holds_a_right_outside_its_days(self) -> None:
        rows = list(Membership.objects.all()) if self.people else []
        by_key = {row.pk: row for row in rows}
        lent = list(Delegation.objects.all()) if self.people else []
        for person in self.people:
            for ahead in (0, 1, 3, 7):
                day = self.today + timedelta(days=ahead)
                wanted = {r.role for r in rows if r.person_id == person.pk and _is_held(r, day)}
                for one in lent:
                    giver, taker = by_key[one.giver_id], by_key[one.taker_id]
                    is_on = one.since <= day < one.until
                    both = _is_held(giver, day) and _is_held(taker, day)
                    if taker.person_id == person.pk and is_on and both:
                        wanted |= {giver.role}
                again = Person(pk=person.pk)
                assert roles_of(again, on=day) == wanted
                assert wanted <= set(Role.values)

    @invariant()
    def nobody_has_two_roles_of_their_own_at_once(self) -> None:
        for person in self.people:
            rows = Membership.objects.filter(person=person)
            assert sum(_is_held(row, self.today) for row in rows) <= 1

    def _own_roles(self, person: object, day: date) -> list[str]:
        rows = Membership.objects.filter(person=person)
        return [row.role for row in rows if _is_held(row, day)]

    def _membership(self, data: st.DataObject) -> Membership:
        rows = list(Membership.objects.select_related("person").order_by("id"))
        return data.draw(st.sampled_from(rows))

    def _somebody(self) -> Person:
        person = Person.objects.create(email=f"p{next(_numbers)}@example.org", name="P")
        self.people.append(person)
        return person

    def _now(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.today, time(12)))


def _is_held(row: Membership, day: date) -> bool:
    return (row.since is None or row.since <= day) and (row.until is None or day < row.until)


Members.TestCase.settings = settings(max_examples=12, stateful_step_count=18, deadline=None)


class TestMembers(Members.TestCase, TestCase):
    """Run in a database that each example leaves as it was."""
