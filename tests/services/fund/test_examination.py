"""Who examines which file, who is kept away from it, and what opinions say together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from communs.core.access.enums import Role
from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.kit.errors import Refused
from communs.core.people.models import Person
from communs.services.fund.actions import examination as actions
from communs.services.fund.enums import Duty, Ground, Sight, Stage, Way
from communs.services.fund.models import Application, Contact, Interest, Organisation, Review
from communs.services.fund.queries import examination as queries
from tests.services.fund.filing import AT, DAY, Filing, filing, sent, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(metropolis: Community) -> Iterator[Filing]:
    with within(metropolis), override("en"):
        yield filing()


@pytest.fixture
def bagneux(db: None) -> Community:
    return Community.objects.get(slug="bagneux")


def reads(person: Person) -> list[str]:
    """The titles of the files that exist for somebody."""
    person.__dict__.pop("_fund_standing", None)
    person.__dict__.pop("_roles_everywhere", None)
    rows = Application.objects.readable_by(person, on=DAY).order_by("number")
    return [one.title for one in rows]


def test_a_member_reads_what_is_eligible_but_the_files_of_their_own_commune(
    here: Filing, sceaux: Community, antony: Community, bagneux: Community
) -> None:
    here.file(sceaux, bagneux, title="Avec Bagneux")
    here.file(antony, title="Sans Bagneux")
    here.file(antony, title="Pas encore", stage=Stage.COMPLETE)
    member = somebody("Membre", Duty.MEMBER, mandate=bagneux)
    chair = somebody("Présidence", Duty.CHAIR)
    assert reads(member) == ["Sans Bagneux"]
    assert reads(chair) == ["Avec Bagneux", "Sans Bagneux"]


def test_an_expert_reads_only_what_they_were_given(here: Filing, sceaux: Community) -> None:
    given = here.file(sceaux, title="Confié")
    here.file(sceaux, title="Autre")
    expert = somebody("Experte", Duty.EXPERT)
    assert reads(expert) == []
    actions.assign_review(
        application=given, phase=here.phase, person=expert, on=DAY, at=AT, by=None
    )
    assert reads(expert) == ["Confié"]


@pytest.mark.parametrize("ground", list(Ground))
def test_each_ground_keeps_away_from_reading_and_from_being_given_a_file(
    here: Filing, bagneux: Community, ground: Ground
) -> None:
    mandate = bagneux if ground is Ground.MANDATE else None
    member = somebody("Membre", Duty.MEMBER, mandate=mandate)
    file = here.file(bagneux)
    organisation = Organisation.objects.get(body=bagneux)
    if ground is Ground.ROLE:
        with within(bagneux):
            Membership.objects.create(person=member, role=Role.AGENT, since=DAY)
    elif ground is Ground.CONTACT:
        Contact.objects.create(organisation=organisation, person=member, since=DAY)
    elif ground is Ground.INTEREST:
        actions.declare_interest(
            organisation=organisation, words="Ma sœur y travaille", on=DAY, by=member
        )
    found = queries.barred([file], on=DAY)[file.pk]
    assert [(one.person, one.ground, one.detail) for one in found] == [(member, ground, "Bagneux")]
    assert reads(member) == []
    with pytest.raises(Refused) as refused:
        actions.assign_review(
            application=file, phase=here.phase, person=member, on=DAY, at=AT, by=None
        )
    assert refused.value.field == "person"
    assert not Review.objects.exists()


def test_an_interest_in_one_file_hides_that_file_alone_and_takes_it_back(
    here: Filing, sceaux: Community
) -> None:
    one, other = here.file(sceaux, title="Un"), here.file(sceaux, title="Deux")
    member = somebody("Membre", Duty.MEMBER)
    for file in (one, other):
        actions.assign_review(
            application=file, phase=here.phase, person=member, on=DAY, at=AT, by=None
        )
    declared = actions.declare_interest(
        application=one, words="J’en suis l’auteur", on=DAY, by=member
    )
    assert reads(member) == ["Deux"]
    assert [row.application for row in Review.objects.all()] == [other]
    actions.end_interest(interest=declared, on=DAY, by=member)
    assert reads(member) == ["Un", "Deux"]
    with pytest.raises(Refused):
        actions.end_interest(interest=declared, on=DAY, by=member)


def test_a_commune_s_own_agent_who_sits_reads_their_file_but_while_it_is_judged(
    here: Filing, bagneux: Community
) -> None:
    member = somebody("Membre", Duty.MEMBER, mandate=bagneux)
    with within(bagneux):
        Membership.objects.create(person=member, role=Role.EDITOR, since=DAY)
    file = here.file(bagneux, title="La leur", stage=Stage.INCOMPLETE)
    seen = {}
    for stage in Stage.values:
        Application.objects.filter(pk=file.pk).update(stage=stage)
        seen[stage] = bool(reads(member))
    assert {stage for stage, is_read in seen.items() if not is_read} == set(Stage.judged())


def test_a_mandate_that_is_over_keeps_nobody_away(here: Filing, bagneux: Community) -> None:
    member = somebody("Membre", Duty.MEMBER, mandate=bagneux, until=DAY + timedelta(days=1))
    file = here.file(bagneux)
    assert queries.barred([file], on=DAY)[file.pk]
    assert not queries.barred([file], on=DAY + timedelta(days=1))[file.pk]
    assert reads(member) == []


def test_files_are_shared_out_evenly_and_never_to_who_is_kept_away(
    here: Filing, sceaux: Community, bagneux: Community, antony: Community
) -> None:
    files = [here.file(sceaux), here.file(bagneux), here.file(antony), here.file(bagneux, sceaux)]
    people = [somebody(f"P{n}", Duty.EXPERT) for n in range(3)]
    tied = somebody("Liée", Duty.MEMBER, mandate=bagneux)
    lacking = actions.share_reviews(
        call=here.call, phase=here.phase, each=2, on=DAY, at=AT, by=None
    )
    assert lacking == []
    given = list(Review.objects.values_list("application", "person"))
    assert len(given) == len(set(given)) == 8
    assert {one for one in given if one[1] == tied.pk} <= {
        (files[0].pk, tied.pk),
        (files[2].pk, tied.pk),
    }
    loads = sorted(sum(person == one.pk for _file, person in given) for one in [*people, tied])
    assert loads == [2, 2, 2, 2]
    assert set(Review.objects.values_list("way", flat=True)) == {Way.BALANCED}
    again = actions.share_reviews(call=here.call, phase=here.phase, each=2, on=DAY, at=AT, by=None)
    assert (again, Review.objects.count()) == ([], 8)


def test_what_nobody_may_examine_is_said_to_lack_reviewers(
    here: Filing, bagneux: Community, sceaux: Community
) -> None:
    here.file(sceaux)
    theirs = here.file(bagneux)
    somebody("Liée", Duty.MEMBER, mandate=bagneux)
    lacking = actions.share_reviews(
        call=here.call, phase=here.phase, each=1, on=DAY, at=AT, by=None
    )
    assert lacking == [theirs]


def test_opinions_give_a_mean_a_median_and_count_abstentions_for_nothing(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux)
    people = [somebody(f"P{n}", Duty.EXPERT) for n in range(4)]
    for person in people:
        actions.assign_review(
            application=file, phase=here.phase, person=person, on=DAY, at=AT, by=None
        )
    given = {
        people[0]: {"scores": here.scores("5"), "opinion": "favourable"},
        people[1]: {"scores": here.scores("2.5"), "opinion": "reserved"},
        people[2]: {
            "scores": {here.criteria[0].pk: Decimal(1), here.criteria[1].pk: Decimal(4)},
            "opinion": "unfavourable",
        },
        people[3]: {"scores": {}, "abstained": True, "comment": "Je connais trop mal le sujet."},
    }
    for person, values in given.items():
        review = queries.own_among(queries.reviews_of(file), person)
        actions.send_review(review=review, at=AT, by=person, **values)
    result = queries.results([file])[file.pk]
    assert (result.mean, result.median, result.spread) == (
        Decimal("63.3"),
        Decimal("50.0"),
        Decimal("60.0"),
    )
    assert (result.count, result.abstained) == (3, 1)
    actions.agree_scores(application=file, scores=here.scores("4"), at=AT, by=None)
    together = queries.results([file])[file.pk]
    assert (together.mean, together.median) == (Decimal("80.0"), Decimal("50.0"))


@pytest.mark.parametrize("value", ["-1", "5.5", "2.3", "NaN", "1e12"])
def test_a_score_is_a_number_of_halves_within_its_scale(
    here: Filing, sceaux: Community, value: str
) -> None:
    file, person = here.file(sceaux), somebody("P", Duty.EXPERT)
    review = actions.assign_review(
        application=file, phase=here.phase, person=person, on=DAY, at=AT, by=None
    )
    scores = here.scores("3") | {here.criteria[1].pk: Decimal(value)}
    with pytest.raises(Refused) as refused:
        actions.send_review(review=review, scores=scores, opinion="favourable", at=AT, by=person)
    assert refused.value.field == "score_commons"
    assert str(refused.value) == "Partage: a score from 0 to 5, in halves."
    assert Review.objects.get().sent_at is None


@pytest.mark.parametrize(
    ("sight", "before", "after"),
    [(Sight.NEVER, 0, 1), (Sight.AFTER_OWN, 0, 3), (Sight.ALWAYS, 2, 3)],
)
def test_a_phase_says_when_a_reviewer_sees_the_others(
    here: Filing, sceaux: Community, sight: Sight, before: int, after: int
) -> None:
    here.phase.sees_others = sight
    here.phase.save()
    file, person = here.file(sceaux), somebody("P", Duty.EXPERT)
    for n in range(2):
        sent(file, here.phase, somebody(f"Q{n}", Duty.EXPERT), here.scores("3"))
    review = actions.assign_review(
        application=file, phase=here.phase, person=person, on=DAY, at=AT, by=None
    )
    assert len(queries.seen_by(person, file, queries.reviews_of(file), on=DAY)) == before
    actions.send_review(
        review=review, scores=here.scores("3"), opinion="favourable", at=AT, by=person
    )
    seen = queries.seen_by(person, file, queries.reviews_of(file), on=DAY)
    assert len(seen) == after
    assert [named for one, named in seen if one.person_id != person.pk] == [False] * (after - 1)
    secretary = somebody("S", Duty.SECRETARY)
    assert [
        named for _one, named in queries.seen_by(secretary, file, queries.reviews_of(file), on=DAY)
    ] == [True] * 3


def test_an_examination_ends_with_an_opinion_and_says_why_it_waits_no_longer(
    here: Filing, sceaux: Community
) -> None:
    file = here.file(sceaux)
    with pytest.raises(Refused, match="No opinion"):
        actions.finish_examination(application=file, at=AT, by=None)
    sent(file, here.phase, somebody("P", Duty.EXPERT), here.scores("3"))
    late = somebody("L", Duty.EXPERT)
    actions.assign_review(application=file, phase=here.phase, person=late, on=DAY, at=AT, by=None)
    with pytest.raises(Refused) as refused:
        actions.finish_examination(application=file, at=AT, by=None)
    assert refused.value.field == "reason"
    actions.finish_examination(application=file, reason="Absente", at=AT, by=None)
    file.refresh_from_db()
    assert (file.stage, Review.objects.count()) == (Stage.REVIEWED, 1)
    with pytest.raises(Refused, match="not under examination"):
        actions.agree_scores(application=file, scores=here.scores("3"), at=AT, by=None)


def test_reading_results_and_recusals_costs_the_same_for_one_file_and_for_five(
    here: Filing, sceaux: Community, bagneux: Community, django_assert_num_queries: object
) -> None:
    somebody("M", Duty.MEMBER, mandate=bagneux)
    people = [somebody(f"P{n}", Duty.EXPERT) for n in range(3)]
    for _n in range(5):
        file = here.file(sceaux, bagneux)
        for person in people:
            sent(file, here.phase, person, here.scores("3"))
    for files in (here.files[:1], here.files):
        with django_assert_num_queries(4):  # type: ignore[operator]
            assert len(queries.results(files)) == len(files)
        with django_assert_num_queries(6):  # type: ignore[operator]
            assert all(queries.barred(files, on=DAY).values())


def test_an_interest_names_what_it_is_in_and_is_declared_once(
    here: Filing, bagneux: Community
) -> None:
    member = somebody("M", Duty.MEMBER)
    here.file(bagneux)
    organisation = Organisation.objects.get(body=bagneux)
    with pytest.raises(Refused) as refused:
        actions.declare_interest(organisation=organisation, words=" ", on=DAY, by=member)
    assert refused.value.field == "words"
    actions.declare_interest(organisation=organisation, words="Un lien", on=DAY, by=member)
    with pytest.raises(Refused, match="already"):
        actions.declare_interest(organisation=organisation, words="Un lien", on=DAY, by=member)
    assert Interest.objects.count() == 1
