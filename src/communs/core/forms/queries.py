"""Reads about forms and answers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from communs.core.communities.enums import Kind
from communs.core.communities.models import Community
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.forms import subjects
from communs.core.forms.engine.checking import Communes
from communs.core.forms.engine.editing import free_key as free_among
from communs.core.forms.models import Answers, Form, TestCase, Version
from communs.core.kit.text import fold


def published(purpose: str) -> QuerySet[Version]:
    """Give the versions in force for a use, by title."""
    found = Version.objects.filter(purpose=purpose, retired_at=None)
    return found.select_related("form").order_by("title")


def in_force() -> QuerySet[Version]:
    """Give every version in force, by title."""
    return Version.objects.filter(retired_at=None).select_related("form").order_by("title", "pk")


def open_to_all() -> list[Version]:
    """Give the versions in force that anybody may begin, by title."""
    public = [use.purpose for use in subjects.uses() if use.public]
    return list(in_force().filter(purpose__in=public))


def open_named(key: str) -> Version | None:
    """Give a version in force that anybody may begin, by its form's short name, or None."""
    return next((one for one in open_to_all() if one.form.key == key), None)


def latest(form: Form | UUID) -> Version | None:
    """Give the version of a form that is in force, or None."""
    return Version.objects.filter(form=form, retired_at=None).first()


def form_of(key: UUID) -> Form | None:
    """Give a form, or None when this community has none of that key."""
    return Form.objects.filter(pk=key).first()


def free_key(title: str) -> str:
    """Make a short name that no form of the community has."""
    taken = {key.replace("-", "_") for key in Form.objects.values_list("key", flat=True)}
    return free_among(title, taken).replace("_", "-")


def forms() -> QuerySet[Form]:
    """Give every form, with `in_force` and `published_at` of its version, `tested` and `begun`."""
    own = Version.objects.filter(form=OuterRef("pk"), retired_at=None)
    begun = Answers.objects.filter(version__form=OuterRef("pk")).order_by()
    counted = begun.values("version__form").annotate(count=Count("pk")).values("count")
    return Form.objects.annotate(
        in_force=Subquery(own.values("number")[:1]),
        published_at=Subquery(own.values("at")[:1]),
        in_force_sha256=Subquery(own.values("sha256")[:1]),
        tested=Count("tests"),
        begun=Subquery(counted),
    ).order_by("title", "pk")


def versions_of(form: Form) -> QuerySet[Version]:
    """Give the versions of a form, the latest first, with how many answers began on each."""
    found = Version.objects.filter(form=form).order_by("-number")
    return found.annotate(begun=Count("answers"))


def version_of(key: UUID) -> Version | None:
    """Give a published version, or None."""
    return Version.objects.select_related("form").filter(pk=key).first()


def tests_of(form: Form) -> QuerySet[TestCase]:
    """Give the test cases of a form, the oldest first."""
    return TestCase.objects.filter(form=form).order_by("pk")


def answers_of(key: UUID) -> Answers | None:
    """Give answers with their version, or None."""
    return Answers.objects.select_related("version__form").filter(pk=key).first()


def answers_about(subject: str) -> Answers | None:
    """Give the answers of a subject, or None."""
    found = Answers.objects.select_related("version__form").filter(subject=subject)
    return found.order_by("pk").first()


def answers_by_link(token: str, *, at: datetime) -> Answers | None:
    """Give the draft that a link leads to, or None once it is over or was never ours."""
    found = Answers.objects.select_related("version__form").filter(link=digest_of(token))
    return found.filter(expires_at__gt=at, sent_at=None).exclude(link="").first()


def digest_of(token: str) -> str:
    """Give what is kept of a link; its 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def due(*, at: datetime) -> QuerySet[Answers]:
    """Give the answers whose time is over."""
    return Answers.objects.filter(expires_at__lte=at)


def files_left(keys: Iterable[str]) -> set[str]:
    """Give those of these files that are still there."""
    wanted = list(keys)
    if not wanted:
        return set()
    rows = StoredFile.objects.filter(pk__in=wanted)
    rows = rows.exclude(state__in=[State.EXPIRED, State.QUARANTINED])
    return {str(key) for key in rows.values_list("pk", flat=True)}


def communes() -> Communes:
    """Give the communes of the register by folded name: INSEE code and name. One query."""
    rows = Community.objects.filter(kind=Kind.COMMUNE, until=None).order_by("name")
    return {fold(name): (insee or "", name) for insee, name in rows.values_list("insee", "name")}


def sending(*, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Give when answers sent between two moments were begun and sent, trials left out."""
    rows = _counted().filter(sent_at__gte=begin, sent_at__lt=end)
    return [(begun, sent) for begun, sent in rows.values_list("begun_at", "sent_at") if sent]


def begun_and_sent(*, begin: datetime, end: datetime, by: datetime) -> tuple[int, int]:
    """Count the answers begun between two moments, and those of them that were sent `by` then."""
    rows = _counted().filter(begun_at__gte=begin, begun_at__lt=end)
    told = rows.aggregate(begun=Count("pk"), sent=Count("pk", filter=Q(sent_at__lt=by)))
    return told["begun"], told["sent"]


def _counted() -> QuerySet[Answers]:
    return Answers.objects.exclude(subject__startswith="forms.trial:").order_by()
