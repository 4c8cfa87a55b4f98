"""The demonstration's experiments: two evaluated, one under way, one that waits for its signature.

What is tried and said is made up. The verdict is not: it is worked out from what the demonstration
measures of Antony's parking, by the same code as for a real one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.indicators import queries as measures
from communs.core.people.models import Person
from communs.services.fund import actions
from communs.services.fund.demo import courbevoie
from communs.services.fund.demo.designing import agreed, designed, hour_of, judge
from communs.services.fund.models import Evaluation, Experiment, Grant

_DAY = timedelta(days=1)
_CAMPAIGN, _BASELINE = 42, 28  # days of Antony's campaign, and of the weeks before it
_TRIED = 21  # the first days of the campaign: what follows a verdict takes the others
_MANAGER = "gestion-fonds@demo.example"
_ROTATION, _CONTROL = "parking.tried_rotation", "parking.control_rotation"
_BAND, _BAND_CONTROL = "parking.tried_in_band", "parking.control_in_band"
_TESTERS = (
    ("Testeuse 1 (fictive)", 5, 4, "Je trouve une place en deux minutes."),
    ("Testeur 2 (fictif)", 4, 4, ""),
    ("Testeuse 3 (fictive)", 4, 5, "Le panneau à l’entrée est juste."),
    ("Testeur 4 (fictif)", 2, 3, "Une heure et demie, c’est court pour le dentiste."),
    ("Testeuse 5 (fictive)", 5, 5, ""),
    ("Testeur 6 (fictif)", 3, 2, "Sans téléphone, je regarde le panneau."),
    ("Testeuse 7 (fictive)", 4, 4, ""),
    ("Testeur 8 (fictif)", 5, 4, "Mes clients se garent enfin."),
)


def load(metropolis: Community) -> None:
    """Make the experiments, once measures exist; without Antony's, only what waits is made."""
    at = timezone.now()
    with within(metropolis):
        manager = Person.objects.filter(email=_MANAGER).first()
        _waiting(at, manager)
        if _measured(at):
            _antony(at, manager)
            _levallois(at, manager)
            courbevoie.load(at, manager)


def _measured(at: datetime) -> bool:
    site = Community.objects.get(slug="antony")
    today = timezone.localdate(at)
    span = (today - _CAMPAIGN * _DAY, today - _DAY)
    found = measures.day_values([_ROTATION], [site], *span)
    return len(found.get((_ROTATION, "antony"), ())) > _CAMPAIGN // 2


def _antony(at: datetime, manager: Person | None) -> None:
    """A whole experiment: four weeks before, three weeks tried, eight testers, a verdict."""
    start = timezone.localdate(at) - _CAMPAIGN * _DAY
    last = start + (_TRIED - 1) * _DAY
    monday = start - timedelta(days=start.weekday()) - _BASELINE * _DAY
    baseline = (monday, monday + (_BASELINE - 1) * _DAY)
    row = designed(
        3,
        "Stationner une heure et demie au plus (démonstration)",
        "Un disque limité à 90 minutes et des panneaux à jour font-ils tourner les places ?",
        at,
        manager,
    )
    judges = [
        judge(_ROTATION, _CONTROL, baseline, "8"),
        judge(_BAND, _BAND_CONTROL, baseline, "40"),
    ]
    row = agreed(row, judges, (start, last), at, manager)
    row = actions.configure_experiment(
        experiment=row, provenance="2018", at=hour_of(at, start - 2 * _DAY), by=manager
    )
    row = actions.start_experiment(experiment=row, on=start, at=hour_of(at, start), by=manager)
    _lived(row, start, at, manager)
    told = hour_of(at, last + _DAY)
    row = actions.measure_experiment(experiment=row, on=last, at=told, by=manager)
    _decided(actions.evaluate_experiment(experiment=row, at=told, by=manager), told, manager)


def _decided(found: Evaluation, at: datetime, manager: Person | None) -> None:
    """Decide as the figures propose."""
    actions.decide_verdict(
        evaluation=found,
        verdict=found.proposed,
        finding=(
            "Les places tournent nettement plus là où le disque est limité que là où rien n’a"
            " changé ; le taux de places libres visé n’est pas encore atteint (démonstration)."
        ),
        recommendation=(
            "Garder le disque et les panneaux, élargir la zone d’une rue, mesurer de nouveau."
        ),
        at=at,
        by=manager,
    )


def _lived(row: Experiment, start: date, at: datetime, manager: Person | None) -> None:
    """Write what happened: milestones, a difficulty, a visit, those who tested."""
    for title, ago in (("Panneaux posés", 0), ("Deux semaines passées", 14)):
        day = start + ago * _DAY
        milestone = actions.add_milestone(experiment=row, title=title, due_on=day, by=manager)
        actions.reach_milestone(milestone=milestone, on=day, at=at, by=manager)
    trouble = actions.log_difficulty(
        experiment=row,
        on=start + 9 * _DAY,
        what="Trois capteurs ne répondaient plus après un orage (fictif).",
        consequence="Leurs places sont inconnues ces jours-là.",
        at=at,
        by=manager,
    )
    actions.settle_difficulty(
        difficulty=trouble,
        on=start + 12 * _DAY,
        solution="Capteurs remplacés par la régie.",
        at=at,
        by=manager,
    )
    actions.note_visit(
        experiment=row,
        on=start + 15 * _DAY,
        seen="Les panneaux sont lus ; le marché du samedi déborde de la zone (fictif).",
        advice="Essayer la même durée dans la rue voisine.",
        at=at,
        by=manager,
    )
    for number, (name, useful, easy, words) in enumerate(_TESTERS):
        tester, _token = actions.enrol_tester(
            experiment=row,
            name=name,
            consent="Accord fictif, écrit pour la démonstration.",
            agrees=True,
            with_help=number % 2 == 1,
            at=hour_of(at, start + number * _DAY),
            by=manager,
        )
        when = hour_of(at, start + (13 + number) * _DAY)
        said = actions.give_feedback(tester=tester, useful=useful, easy=easy, words=words, at=when)
        if words:
            actions.moderate_feedback(feedback=said, show=True, at=when, by=manager)


def _levallois(at: datetime, manager: Person | None) -> None:
    """One under way, for which figures are still missing, and nothing is compared with."""
    today = timezone.localdate(at)
    start = today - 15 * _DAY
    row = designed(
        12,
        "Trouver une place sans tourner (démonstration)",
        "Montrer les places libres en direct fait-il tourner les places plus vite ?",
        at,
        manager,
    )
    baseline = (start - 60 * _DAY, start - _DAY)
    judged = judge("parking.rotation", "", baseline, None, least=28)
    row = agreed(row, [judged], (start, start + 120 * _DAY), at, manager)
    row = actions.configure_experiment(experiment=row, provenance="2018", at=at, by=manager)
    row = actions.start_experiment(experiment=row, on=start, at=hour_of(at, start), by=manager)
    actions.add_milestone(
        experiment=row,
        title="Mi-parcours avec les commerçants (fictif)",
        due_on=start + 60 * _DAY,
        by=manager,
    )


def _waiting(at: datetime, manager: Person | None) -> None:
    """One that is designed: its service will be switched on when the agreement is signed."""
    rows = Grant.objects.filter(application__isnull=False, agreements__state="sent")
    grant = rows.filter(beneficiary__slug="sceaux").select_related("beneficiary").first()
    if grant is None:
        return
    start = timezone.localdate(at) + 60 * _DAY
    row = actions.design_experiment(
        grant=grant,
        title="Livrer sans bloquer la rue (démonstration)",
        question="Réserver une aire de livraison évite-t-il le stationnement en double file ?",
        service="delivery",
        site=grant.beneficiary,
        demonstration=True,
        at=at,
        by=manager,
    )
    baseline = (start - 45 * _DAY, start - _DAY)
    judged = judge("delivery.overstays", "", baseline, "10", aim="down", least=21)
    agreed(row, [judged], (start, start + 180 * _DAY), at, manager)
