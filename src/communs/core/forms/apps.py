from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    name = "communs.core.forms"
    label = "forms"
    events: ClassVar[Mapping[str, Any]] = {
        "forms.form_added": _("Form added"),
        "forms.form_changed": _("Draft of a form changed"),
        "forms.published": _("Form published"),
        "forms.closed": _("Form closed"),
        "forms.test_kept": _("Test case of a form kept"),
        "forms.test_removed": _("Test case of a form removed"),
        "forms.trial_begun": _("Trial of a form begun"),
        "forms.trial_kept": _("Trial of a form changed"),
        "forms.trial_sent": _("Trial of a form sent"),
        "forms.trial_moved": _("Trial of a form moved to a newer version"),
        "forms.answers_expired": _("Answers removed, their time being over"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "let_go": _("Remove answers whose time is over"),
    }

    def ready(self) -> None:
        """Make the part's permissions known."""
        import communs.core.forms.rules  # noqa: F401 -- after the models it reads
