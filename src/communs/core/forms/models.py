"""Forms, their published versions, what tests them, and the answers that people write."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import History, Owned
from communs.core.forms.engine.definition import Definition
from communs.core.forms.engine.reading import read
from communs.core.forms.enums import AnswersState, Expected
from communs.core.kit.privacy import Fate
from communs.core.people.models import Person

PURPOSE = RegexValidator(r"^[a-z_]+\.[a-z_]+\Z", _("Write the use as fund.application."))


class Form(Owned):
    """A form being written: `definition` is its draft, `revision` counts the changes of it.

    `purpose` says what uses it: a service and a word of its own, "fund.application".
    """

    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=60, validators=[PURPOSE])
    definition = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    demonstration = models.BooleanField(default=False)

    class Privacy:
        """A form asks; what people answer is elsewhere."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["title", "id"]
        constraints = [
            UniqueConstraint(fields=["community", "key"], name="forms_one_form_a_key"),
        ]

    def __str__(self) -> str:
        return self.title

    def read(self) -> Definition:
        """Give the draft as the engine knows it."""
        return read(self.definition, draft=True)


class Version(History):
    """A form as it was published: never changed; answers stay on the one that they began with."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=60)
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    fill_once: ClassVar[tuple[str, ...]] = ("retired_at",)

    class Privacy:
        """A form asks; what people answer is elsewhere."""

        personal = ()

    class Meta(History.Meta):
        ordering = ["form", "-number"]
        indexes = [Index(fields=["community", "purpose", "retired_at"], name="forms_by_purpose")]
        constraints = [
            UniqueConstraint(
                fields=["community", "form", "number"], name="forms_one_version_a_number"
            ),
            UniqueConstraint(
                fields=["community", "form"],
                condition=Q(retired_at__isnull=True),
                name="forms_one_version_in_force",
            ),
            CheckConstraint(condition=Q(number__gte=1), name="forms_versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def read(self) -> Definition:
        """Give the form as the engine knows it; read once an object."""
        if not hasattr(self, "_read"):
            self._read = read(self.definition)
        return self._read


class TestCase(Owned):
    """Answers made up by who writes a form, and what should become of them."""

    __test__ = False  # no test of ours

    form = models.ForeignKey(Form, models.CASCADE, related_name="tests")
    name = models.CharField(max_length=120)
    values = models.JSONField(default=dict)
    typed = models.JSONField(default=dict, blank=True)
    expected = models.CharField(max_length=8, choices=Expected, default=Expected.ACCEPTED)
    refused = models.JSONField(default=list, blank=True)
    shown = models.JSONField(default=list, blank=True)
    hidden = models.JSONField(default=list, blank=True)

    class Privacy:
        """Made-up answers; the page says so."""

        personal = ()

    class Meta(Owned.Meta):
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["community", "form", "name"], name="forms_one_test_a_name"),
            CheckConstraint(
                condition=Q(expected__in=Expected.values), name="forms_expected_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Answers(Owned):
    """What is answered to a version of a form, from the first word to sending.

    `subject` is what the answers belong to, "fund.application:<key>"; empty, whoever has the link.
    `typed` is what was written and is no value yet; `trace` what paths held before (see `sheets`).
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="answers")
    subject = models.CharField(max_length=120, blank=True)
    values = models.JSONField(default=dict)
    typed = models.JSONField(default=dict)
    trace = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=5, choices=AnswersState, default=AnswersState.DRAFT)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    link = models.CharField(max_length=64, blank=True)

    class Privacy:
        """Answers may say anything about anybody; the form says how long they are kept."""

        personal = ("values", "typed", "trace", "changed_by")
        secret = ("link",)
        what = _("Answers to forms: all that is written in them, the key of who wrote last")
        purpose = _("To examine what is asked for with the form; each form says how long")
        keep_days = 3653
        whose = {"changed_by": Fate.UNLINK}  # what they belong to says whose they are

    class Meta(Owned.Meta):
        ordering = ["id"]
        indexes = [
            Index(fields=["community", "subject"], name="forms_answers_by_subject"),
            Index(fields=["community", "link"], name="forms_answers_by_link"),
            Index(fields=["community", "expires_at"], name="forms_answers_by_expiry"),
            Index(fields=["community", "sent_at"], name="forms_answers_by_sending"),
        ]
        constraints = [
            CheckConstraint(
                condition=Q(state__in=AnswersState.values), name="forms_answers_state_known"
            ),
            CheckConstraint(
                condition=Q(state=AnswersState.SENT, sent_at__isnull=False)
                | Q(state=AnswersState.DRAFT, sent_at__isnull=True),
                name="forms_sent_answers_say_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.state}"

    @property
    def is_draft(self) -> bool:
        """Whether they may still be written."""
        return self.state == AnswersState.DRAFT


class Presence(Owned):
    """Somebody has a page of answers open; forgotten after a minute."""

    answers = models.ForeignKey(Answers, models.CASCADE, related_name="presences")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    field = models.CharField(max_length=140, blank=True)
    at = models.DateTimeField()

    class Privacy:
        """Who writes where, for a minute."""

        personal = ("person", "field")
        what = _("Who has a page of a form open, and at which question")
        purpose = _("So that colleagues do not write over each other")
        keep_days = 1
        kept_from = "at"
        whose = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["at"]
        constraints = [
            UniqueConstraint(
                fields=["community", "answers", "person"], name="forms_one_presence_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.field}"
