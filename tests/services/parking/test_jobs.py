"""Wardens are told of a stay that lasts too long, once, where their commune wishes so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.notifications.models import Notification
from communs.core.people.models import Person
from communs.core.registry.actions import set_service
from communs.core.registry.queries import by_key
from communs.services.parking.actions import set_regulation
from communs.services.parking.jobs import tell_wardens
from tests.services.parking.samples import sensor, space, street


@pytest.mark.parametrize(
    ("wished", "on", "told"), [(True, True, 1), (False, True, 0), (True, False, 0)]
)
def test_wardens_are_told_once(sceaux: Community, wished: bool, on: bool, told: int) -> None:
    agent = Person.objects.create_user("agent@s.example", name="A")
    editor = Person.objects.create_user("editor@s.example", name="E")
    at = timezone.now()
    with within(sceaux):
        Membership.objects.create(person=agent, role=Role.AGENT)
        Membership.objects.create(person=editor, role=Role.EDITOR)
        service, options = by_key("parking"), {"tell_wardens": wished}
        set_service(service=service, on=True, options=options, by=None)
        if not on:
            set_service(service=service, on=False, by=None)
        set_regulation(title="Arrêt", where="commune", most_minutes=20, by=None)
        where = space(segment=street("Rue des Lilas"))
        since = at - timedelta(minutes=60)
        sensor(where, (since, 1.0), at=at)
        assert tell_wardens.func() == told
        assert tell_wardens.func() == 0
        facts = list(Notification.objects.values_list("person", "notice", "route", "data"))
    data = {"code": where.code, "place": "Rue des Lilas", "number": 1}
    expected = [(agent.pk, "parking.overstay", "parking:answer_overstay", data)]
    assert facts == expected[:told]
