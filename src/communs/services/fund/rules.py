"""Who may do what in the fund."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communs.core.access.enums import Role
from communs.core.access.queries import roles_by_community
from communs.core.access.rules import dated, declare, holds
from communs.core.communities.models import Community
from communs.core.communities.scope import current
from communs.core.files import purposes
from communs.core.files.engine.kinds import IMAGES, OFFICE
from communs.core.files.engine.verdict import MEGA
from communs.core.forms import subjects
from communs.services.fund.enums import Duty, PartnerRole
from communs.services.fund.models import (
    Application,
    Experiment,
    Organisation,
    Partner,
    Standing,
    standing_of,
)

EDIT = "fund.edit"
MANAGE = "fund.manage"
EXAMINE = "fund.examine"
READ = "fund.read_application"
WRITE = "fund.write_application"
LEAD = "fund.lead_application"
SIGN = "fund.sign_application"
READ_PAPER = "fund.read_paper"
REVIEW = "fund.review"
SIT = "fund.sit"
RUN_COMMITTEE = "fund.run_committee"
RUN_BUREAU = "fund.run_bureau"
AGREE = "fund.agree"
READ_AGREEMENT = "fund.read_agreement"
CLAIM = "fund.claim"
CHECK = "fund.check_claim"
PAY = "fund.pay"
READ_SIGNED = "fund.read_signed"
REPLICATE = "fund.replicate"
RUN_EXPERIMENT = "fund.run_experiment"
WRITE_EXPERIMENT = "fund.write_experiment"
DECIDE_VERDICT = "fund.decide_verdict"
FORM = "fund.application"
MANDATE, PIECE = "fund.mandate", "fund.piece"
SIGNED_PAGE, EVIDENCE = "fund.signed_page", "fund.evidence"


def _manages(person: Any, _subject: Any, on: date) -> bool:
    return standing_of(person, on=on).manages


def _examines(person: Any, _subject: Any, on: date) -> bool:
    return standing_of(person, on=on).examines


def _reads(person: Any, subject: Application | None, on: date) -> bool:
    """Without a file: tells whether any could be read, somebody else's or one's own."""
    if subject is None:
        standing = standing_of(person, on=on)
        return standing.reads_files or standing.applies
    return Application.objects.readable_by(person, on=on).filter(pk=subject.pk).exists()


def _reads_answers(person: Any, key: str, on: date) -> bool:
    return bool(Application.objects.readable_by(person, on=on).filter(pk=key).exists())


def _writes(person: Any, subject: Application | None, on: date) -> bool:
    """Without a file: tells whether a person could begin one for somebody."""
    standing = standing_of(person, on=on)
    if subject is None:
        return standing.applies
    return bool(_partners(subject, standing, but=PartnerRole.OBSERVER))


def _leads(person: Any, subject: Application | None, on: date) -> bool:
    """Without a file: tells whether a person could lead one."""
    standing = standing_of(person, on=on)
    if subject is None:
        return standing.applies
    return PartnerRole.LEAD in _partners(subject, standing).values()


def _signs(person: Any, subject: Application | None, on: date) -> bool:
    """Without a file: tells whether a person could commit anybody."""
    standing = standing_of(person, on=on)
    if subject is None:
        return bool(standing.signs)
    return bool(set(_partners(subject, standing)) & standing.signs)


def _reviews(person: Any, _subject: Any, on: date) -> bool:
    return standing_of(person, on=on).reviews


def _sits(person: Any, _subject: Any, on: date) -> bool:
    standing = standing_of(person, on=on)
    return standing.sits or standing.manages


def _runs_committee(person: Any, _subject: Any, on: date) -> bool:
    standing = standing_of(person, on=on)
    return standing.manages or bool(standing.duties & {Duty.SECRETARY, Duty.CHAIR})


def _runs_bureau(person: Any, _subject: Any, on: date) -> bool:
    standing = standing_of(person, on=on)
    return standing.manages or Duty.RECORDER in standing.duties


def _reads_agreement(person: Any, subject: Application | None, on: date) -> bool:
    """Without a file: tells whether any agreement could be read, of others or one's own."""
    standing = standing_of(person, on=on)
    if subject is None:
        return standing.reads_agreements or standing.applies
    if not Application.objects.readable_by(person, on=on).filter(pk=subject.pk).exists():
        return False
    return standing.reads_agreements or bool(_partners(subject, standing))


def _checks(person: Any, subject: Application | None, on: date) -> bool:
    """Who examines or pays, but not who answers for the file."""
    standing = standing_of(person, on=on)
    return (standing.examines or standing.pays) and not _answers_for(person, subject)


def _pays(person: Any, subject: Application | None, on: date) -> bool:
    return standing_of(person, on=on).pays and not _answers_for(person, subject)


def _answers_for(person: Any, subject: Application | None) -> bool:
    return subject is not None and subject.instructor_id == person.pk


def _reads_signed(person: Any, file: Any, on: date) -> bool:
    """A signed page or the evidence of a claim is read by who reads the agreement."""
    if file is None or not person.is_authenticated:
        return False
    label, _mark, key = file.subject.partition(":")
    path = {"fund.agreement": "", "fund.claim": "instalments__claims__"}.get(label)
    if path is None:
        return bool(file.uploaded_by == person.pk and not file.subject)
    rows = Application.objects.filter(**{f"grants__agreements__{path}pk": key})
    found = rows.prefetch_related("partners").first()
    return found is not None and _reads_agreement(person, found, on)


def _replicates(person: Any, place: Community | None, on: date) -> bool:
    """Without a commune: tells whether a person administers one at all."""
    held = roles_by_community(person, on=on) if person.is_authenticated else {}
    own = {key for key, names in held.items() if Role.ADMINISTRATOR in names} - {current().pk}
    return bool(own) if place is None else place.pk in own


def kept_away(person: Any, experiment: Experiment, *, on: date) -> bool:
    """Tell whether somebody with a task here may not judge an experiment: it concerns them."""
    standing = standing_of(person, on=on)
    if experiment.grant.application_id in standing.shunned:
        return True
    if not standing.concerned:
        return False
    bodies = {experiment.site_id, experiment.grant.beneficiary_id}
    tied = Q(pk__in=standing.concerned)
    if Organisation.objects.filter(tied, body__in=bodies).exists():
        return True
    partners = Partner.objects.filter(
        application=experiment.grant.application_id, organisation__in=standing.concerned
    )
    return experiment.grant.application_id is not None and partners.exists()


def _runs_experiment(person: Any, subject: Experiment | None, on: date) -> bool:
    """Who runs the fund, examines files or advises; not whom the experiment concerns."""
    standing = standing_of(person, on=on)
    runs = standing.examines or Duty.ADVISER in standing.duties
    if subject is None:
        return runs
    advises = subject.adviser_id is not None and subject.adviser_id == person.pk
    if not (standing.examines or advises):
        return False
    return not kept_away(person, subject, on=on)


def _writes_experiment(person: Any, subject: Experiment | None, on: date) -> bool:
    """Who runs it, and who writes for the commune where it takes place."""
    if subject is None:
        return bool(standing_of(person, on=on).bodies) or _runs_experiment(person, None, on)
    here = subject.site_id in standing_of(person, on=on).bodies
    return here or _runs_experiment(person, subject, on)


def _decides_verdict(person: Any, subject: Experiment | None, on: date) -> bool:
    if not standing_of(person, on=on).manages:
        return False
    return subject is None or not kept_away(person, subject, on=on)


def _partners(application: Application, standing: Standing, but: str = "") -> dict[UUID, str]:
    """Give, by the organisation's key, the role of each partner that somebody writes for."""
    return {
        partner.organisation_id: partner.role
        for partner in application.partners.all()
        if partner.left_at is None
        and partner.role != but
        and partner.organisation_id in standing.writes
    }


def _reads_paper(person: Any, file: Any, on: date) -> bool:
    """A paper is read by who reads its file; what is not sent yet, by who chose it."""
    if file is None or not person.is_authenticated:
        return False
    label, _mark, key = file.subject.partition(":")
    path = {"fund.partner": "partners", "fund.missing": "missing"}.get(label)
    if path is None:
        return bool(file.uploaded_by == person.pk and not file.subject)
    return Application.objects.readable_by(person, on=on).filter(**{f"{path}__pk": key}).exists()


declare(
    {
        EDIT: holds(Role.ADMINISTRATOR, Role.EDITOR),
        MANAGE: dated("manages the fund", _manages),
        EXAMINE: dated("examines applications", _examines),
        READ: dated("reads the application", _reads),
        WRITE: dated("writes for a partner", _writes),
        LEAD: dated("writes for the lead", _leads),
        SIGN: dated("commits a partner", _signs),
        REVIEW: dated("examines files given to them", _reviews),
        SIT: dated("sits in the committee or the Bureau", _sits),
        RUN_COMMITTEE: dated("runs the committee", _runs_committee),
        RUN_BUREAU: dated("runs the Bureau", _runs_bureau),
        READ_PAPER: dated("reads the paper’s application", _reads_paper),
        AGREE: dated("writes agreements", _examines),
        READ_AGREEMENT: dated("reads the agreement", _reads_agreement),
        CLAIM: dated("claims for a partner", _writes),
        CHECK: dated("checks claims", _checks),
        PAY: dated("orders and pays", _pays),
        READ_SIGNED: dated("reads the paper’s agreement", _reads_signed),
        REPLICATE: dated("administers the commune", _replicates),
        RUN_EXPERIMENT: dated("runs the experiment", _runs_experiment),
        WRITE_EXPERIMENT: dated("writes for the experiment", _writes_experiment),
        DECIDE_VERDICT: dated("decides the verdict", _decides_verdict),
    }
)
subjects.declare(
    subjects.Use(
        FORM,
        _("Applications to the fund"),
        reads=dated("reads the application of a form", _reads_answers),
    )
)
purposes.declare(
    purposes.Purpose(
        MANDATE, _("Mandate of a partner"), ("pdf", *IMAGES), 10 * MEGA, permission=READ_PAPER
    ),
    purposes.Purpose(
        PIECE,
        _("Item asked for by the fund"),
        ("pdf", *OFFICE, *IMAGES),
        20 * MEGA,
        permission=READ_PAPER,
    ),
    purposes.Purpose(
        SIGNED_PAGE,
        _("Signed agreement, scanned"),
        ("pdf", *IMAGES),
        40 * MEGA,
        permission=READ_SIGNED,
    ),
    purposes.Purpose(
        EVIDENCE,
        _("Evidence of a claim"),
        ("pdf", *OFFICE, *IMAGES),
        20 * MEGA,
        permission=READ_SIGNED,
    ),
)
