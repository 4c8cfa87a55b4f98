"""Files that people sent, as they are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.files.engine.kinds import KINDS
from communs.core.files.enums import State
from communs.core.files.purposes import Purpose, named
from communs.core.kit.privacy import Fate


class StoredFile(Owned):
    """A file, as its structure says it is; a draft until something owns it.

    Its content lies at `path`, which names the community and the content's digest. Nothing is
    shared between two rows, so that erasing one touches no other.
    """

    purpose = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=140, blank=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    marks = models.JSONField(default=list)
    verdict = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=120, blank=True)
    uploaded_by = models.UUIDField(null=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Privacy:
        """A file may say anything about anybody; its purpose says how long it is kept."""

        personal = ("name", "uploaded_by")
        what = _("Files sent: their content, their name, the key of the account that sent them")
        purpose = _("To hold what a form asks for; each use says how long")
        keep_days = 3653
        whose = {"uploaded_by": Fate.UNLINK}  # drafts go: nobody else waits for them

    class Meta(Owned.Meta):
        ordering = ["id"]
        indexes = [
            Index(fields=["community", "subject"], name="files_by_subject"),
            Index(fields=["community", "sha256"], name="files_by_digest"),
            Index(fields=["community", "expires_at"], name="files_by_expiry"),
            Index(fields=["community", "state"], name="files_by_state"),
        ]
        constraints = [
            CheckConstraint(condition=Q(state__in=State.values), name="files_state_is_known"),
            CheckConstraint(condition=Q(size__gt=0), name="files_none_is_empty"),
            CheckConstraint(
                condition=Q(subject__gt="") | Q(expires_at__isnull=False),
                name="files_a_draft_expires",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the content lies in the storage."""
        return f"{folder_of(self.community_id)}/{self.sha256[:2]}/{self.sha256}-{self.pk.hex}"

    @property
    def media_type(self) -> str:
        """The media type that its structure says, never the one that was claimed."""
        return KINDS[self.kind].media_type

    @property
    def is_image(self) -> bool:
        """Tell whether it can be shown at several widths."""
        return KINDS[self.kind].family == "image"

    @property
    def is_draft(self) -> bool:
        """Tell whether nothing owns it yet."""
        return not self.subject

    @property
    def use(self) -> Purpose:
        """What it is for."""
        return named(self.purpose)


def folder_of(community_id: object) -> str:
    """Give the folder of all files of a community: it can be copied, counted or erased alone."""
    return str(getattr(community_id, "hex", community_id))
