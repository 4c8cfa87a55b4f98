"""The index: what can be found, and the words that may correct a misspelt one."""

from __future__ import annotations

from django.db import models
from django.db.models import Index, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import NOBODY


class Document(Owned):
    """Something that can be found: its words, its address, and who may find it.

    `number` orders documents, newest day first, and names them in the full-text table, which no
    model knows (see backends/).
    """

    service = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2)
    audience = models.CharField(max_length=80)
    route = models.CharField(max_length=80)
    args = models.JSONField(default=list)
    place = models.ForeignKey("communities.Community", models.CASCADE, null=True, related_name="+")
    number = models.BigIntegerField()
    terms = models.TextField(editable=False)

    class Privacy:
        """The index repeats what services keep, for those who may read it there."""

        personal = ("title", "text", "terms", "audience")
        what = _("Search index: a copy of what services show, for the same readers")
        purpose = _("To find what one may read")
        keep_days = None
        whose = NOBODY  # what it repeats goes with its source, or with its only reader

    class Meta(Owned.Meta):
        ordering = ["-number"]
        constraints = [
            UniqueConstraint(fields=["community", "subject"], name="one_document_a_subject"),
            UniqueConstraint(fields=["community", "number"], name="one_document_a_number"),
        ]
        indexes = [Index(fields=["number"], name="document_newest")]

    def __str__(self) -> str:
        return self.title


class Word(Owned):
    """A word that stands in documents of one audience, and how it sounds."""

    audience = models.CharField(max_length=80)
    word = models.CharField(max_length=60)
    sound = models.CharField(max_length=60)

    class Privacy:
        """A word of a private document is known to that document's readers only."""

        personal = ("word", "sound", "audience")
        what = _("Search index: the words of what services show, for the same readers")
        purpose = _("To correct a misspelt search")
        keep_days = None
        whose = NOBODY  # gone with the last document that holds it

    class Meta(Owned.Meta):
        constraints = [
            UniqueConstraint(fields=["community", "audience", "word"], name="one_word_an_audience"),
        ]
        indexes = [
            Index(fields=["community", "audience", "sound"], name="word_by_sound_here"),
            Index(fields=["audience", "sound"], name="word_by_sound"),
        ]

    def __str__(self) -> str:
        return self.word
