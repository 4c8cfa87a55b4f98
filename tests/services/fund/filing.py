"""A call, people with tasks, and files at a stage: made directly, for what comes after filing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from communs.core.communities.models import Community
from communs.core.forms.models import Answers, Form, Version
from communs.core.people.models import Person
from communs.services.fund.actions.examination import tally
from communs.services.fund.enums import CallState, Duty, OrganisationKind, PartnerRole, Stage
from communs.services.fund.models import (
    Application,
    Appointment,
    Call,
    Criterion,
    Envelope,
    Organisation,
    Partner,
    Phase,
    Programme,
    Score,
)

AT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
DAY = date(2026, 5, 4)


@dataclass
class Filing:
    """A call of a programme with an envelope of 100,000 €, two criteria and one phase."""

    programme: Programme
    envelope: Envelope
    call: Call
    criteria: list[Criterion]
    phase: Phase
    version: Version
    files: list[Application] = field(default_factory=list)

    def file(
        self,
        *bodies: Community,
        stage: str = Stage.UNDER_REVIEW,
        requested: str = "30000.00",
        title: str = "",
        challenges: Sequence[str] = ("inclusive",),
    ) -> Application:
        """Make a file of these communes, the first of them leading."""
        number = len(self.files) + 1
        row = Application.objects.create(
            call=self.call,
            number=f"2026-{900 + number:04d}",
            title=title or f"Projet {number}",
            stage=stage,
            stage_since=AT,
            challenges=list(challenges),
            answers=Answers.objects.create(
                version=self.version, begun_at=AT, changed_at=AT, expires_at=AT.replace(year=2040)
            ),
            requested=Decimal(requested),
            begun_at=AT,
            submitted_at=AT,
            complete_at=AT,
        )
        for place, body in enumerate(bodies):
            kept, _made = Organisation.objects.get_or_create(
                body=body, defaults={"kind": OrganisationKind(body.kind), "name": body.name}
            )
            Partner.objects.create(
                application=row,
                organisation=kept,
                role=PartnerRole.FINANCIAL if place else PartnerRole.LEAD,
                share=Decimal(100) if len(bodies) == 1 else None,
                invited_at=AT,
                signed_at=AT,
            )
        self.files.append(row)
        return row

    def scores(self, value: str) -> dict[UUID, Decimal]:
        """Give the same score for each criterion."""
        return {one.pk: Decimal(value) for one in self.criteria}


def filing() -> Filing:
    """Make a call in the community in force; its files are added with `file`."""
    programme = Programme.objects.create(code="essai", acronym="ESSAI", name="Fonds d’essai")
    envelope = Envelope.objects.create(
        programme=programme, title="Essai", year=2026, amount=Decimal("100000.00")
    )
    form = Form.objects.create(
        key="essai", title="Essai", purpose="fund.application", changed_at=AT
    )
    version = Version.objects.create(
        form=form,
        number=1,
        title="Essai",
        purpose="fund.application",
        definition={},
        sha256="0" * 64,
        at=AT,
    )
    call = Call.objects.create(
        programme=programme,
        code="essai-2026",
        title="Essai 2026",
        state=CallState.PUBLISHED,
        opens_at=AT,
        published_at=AT,
        form=version,
        envelope=envelope,
    )
    criteria = [
        Criterion.objects.create(
            call=call, code=code, position=place, title=title, weight=weight, scale=5
        )
        for place, (code, title, weight) in enumerate(
            [("utility", "Utilité", 2), ("commons", "Partage", 1)], start=1
        )
    ]
    phase = Phase.objects.create(call=call, position=1, title="Examen")
    return Filing(programme, envelope, call, criteria, phase, version)


def somebody(name: str, *duties: str, mandate: Community | None = None, **more: Any) -> Person:
    """Make an account with tasks in the fund of the community in force; members vote."""
    person = Person.objects.create_user(f"{name.lower()}@example.org", name=name)
    for duty in duties:
        Appointment.objects.create(
            person=person,
            duty=duty,
            mandate=mandate,
            votes=duty in (Duty.MEMBER, Duty.CHAIR, Duty.BUREAU),
            since=DAY,
            **more,
        )
    return person


def sent(
    application: Application, phase: Phase, person: Person, scores: dict[UUID, Decimal]
) -> Any:
    """Make an opinion that was sent, with its scores."""
    row = application.reviews.create(
        phase=phase, person=person, assigned_at=AT, sent_at=AT, opinion="favourable"
    )
    for key, value in scores.items():
        Score.objects.create(review=row, criterion_id=key, value=value)
    tally([application])
    return row
