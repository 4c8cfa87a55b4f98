"""The SIRET of a community: kept only if it can be its own."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.kit.errors import Refused
from communs.core.web.actions import set_siret

pytestmark = pytest.mark.django_db
NUMBER = "21920071499994"  # of Sceaux' SIREN, of no establishment


def test_it_is_kept_without_its_spaces_and_taken_back(
    metropolis: Community, sceaux: Community
) -> None:
    with within(metropolis):
        set_siret(community=sceaux, siret="219 200 714 99994", by=None)
        assert Community.objects.get(pk=sceaux.pk).siret == NUMBER
        set_siret(community=sceaux, siret="", by=None)
        told = Event.objects.filter(name="web.siret_set").order_by("pk")
        assert [one.data for one in told] == [{"siret": NUMBER}, {"siret": None}]
    assert Community.objects.get(pk=sceaux.pk).siret is None


@pytest.mark.parametrize(
    ("siret", "sentence"),
    [
        ("123", "This is no SIRET: fourteen digits, the last of which checks the others."),
        (
            "21920071499995",
            "This is no SIRET: fourteen digits, the last of which checks the others.",
        ),
        (
            "20005478199990",
            "The SIRET of Sceaux begins with its SIREN number, 219200714.",
        ),
    ],
)
def test_another_number_is_refused(
    metropolis: Community, sceaux: Community, siret: str, sentence: str
) -> None:
    with within(metropolis), override("en"), pytest.raises(Refused) as refused:
        set_siret(community=sceaux, siret=siret, by=None)
    assert (str(refused.value), refused.value.field) == (sentence, "siret")
    assert Community.objects.get(pk=sceaux.pk).siret is None


def test_two_communities_never_share_one(
    metropolis: Community, sceaux: Community, antony: Community
) -> None:
    Community.objects.filter(pk=antony.pk).update(siret=NUMBER)
    with within(metropolis), override("en"), pytest.raises(Refused) as refused:
        set_siret(community=sceaux, siret=NUMBER, by=None)
    assert str(refused.value) == "Another community has this SIRET."
