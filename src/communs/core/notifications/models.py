"""What people were told, by which ways, and how they wish to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from communs.core.communities.owned import Owned
from communs.core.kit.privacy import ACCOUNT, Basis, Fate
from communs.core.notifications.enums import Channel, Pace, SendingState

OPEN = (SendingState.WAITING, SendingState.FAILED)


class Notification(Owned):
    """One piece of news for one person; its words are made when it is read.

    `once` names the news: told twice under the same name, a person reads it once.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.CharField(max_length=80)
    once = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    place = models.ForeignKey(
        "communities.Community", models.PROTECT, null=True, related_name="+", editable=False
    )
    route = models.CharField(max_length=80, blank=True)
    args = models.JSONField(default=list)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Privacy:
        """Who was told what; the news itself names nobody."""

        personal = ("person", "read_at")
        what = _("Notices: which account was told what, and when it was read")
        purpose = _("To tell people what concerns them, once")
        keep_days = 365
        kept_from = "at"
        whose = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        ordering = ["-at", "-id"]
        constraints = [
            UniqueConstraint(fields=["community", "person", "once"], name="notified_once"),
        ]
        indexes = [
            Index(fields=["community", "person", "-at"], name="notification_by_person"),
            Index(
                fields=["community", "person"],
                name="notification_unread",
                condition=Q(read_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.subject}"


class Sending(Owned):
    """One notification by one way, and what became of it.

    `together` says that it waits for others; `digest_on` is the day on which they left.
    """

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="sendings")
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=SendingState, default=SendingState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    together = models.BooleanField(default=False)
    digest_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.UUIDField(null=True)

    class Privacy:
        """The address and the number stay with their person; here is only what became of it."""

        personal = ("notification", "reason", "sent_by")
        what = _("Messages: by which way a notice left, when, or why it did not")
        purpose = _("To send each message once, and to see which did not leave")
        keep_days = 365
        kept_from = "notification__at"
        whose = {"notification__person": Fate.ERASE, "sent_by": Fate.UNLINK}

    class Meta(Owned.Meta):
        ordering = ["-id"]
        constraints = [
            UniqueConstraint(
                fields=["community", "notification", "channel"], name="sent_once_a_channel"
            ),
            CheckConstraint(
                condition=Q(state=SendingState.SENT) | Q(sent_at=None), name="sent_when_sent"
            ),
        ]
        indexes = [Index(fields=["community", "channel", "state"], name="sending_by_state")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Preference(Owned):
    """Whether a person wants a notice by one way; without a row, the notice's own default."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    notice = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=Channel)
    wanted = models.BooleanField()

    class Privacy:
        """Choices of a person, kept as long as the account."""

        personal = ("person", "wanted")
        what = _("Choices: which notices a person wants, by which way")
        purpose = _("To write only to who wants it")
        keep_days = 1096
        kept_from = ACCOUNT
        whose = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        constraints = [
            UniqueConstraint(
                fields=["community", "person", "notice", "channel"], name="one_preference_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.channel} {self.wanted}"


class Reach(Owned):
    """How a person wishes to be reached here: language, pace, number, or by a call instead."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, default=settings.LANGUAGE_CODE)
    pace = models.CharField(max_length=10, choices=Pace, default=Pace.AT_ONCE)
    phone = models.CharField(max_length=16, blank=True)
    call_me = models.BooleanField(default=False)

    class Privacy:
        """A telephone number is given to be called or written to, and for nothing else."""

        personal = ("person", "phone", "language", "call_me")
        what = _("How to reach a person: telephone number, language, pace")
        purpose = _("To send text messages or to call, for who asked for it")
        basis = Basis.CONSENT
        keep_days = 1096
        kept_from = ACCOUNT
        whose = {"person": Fate.ERASE}

    class Meta(Owned.Meta):
        constraints = [
            UniqueConstraint(fields=["community", "person"], name="one_reach_a_person"),
            CheckConstraint(
                condition=Q(call_me=False) | ~Q(phone=""), name="who_is_called_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.pace}"
