from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "communs.core.files"
    label = "files"
    events: ClassVar[Mapping[str, Any]] = {
        "files.kept": _("File received"),
        "files.attached": _("File attached"),
        "files.scanned": _("File checked"),
        "files.expired": _("File removed, its time being over"),
        "files.forgotten": _("File erased"),
    }
    tasks: ClassVar[Mapping[str, Any]] = {
        "scan_pending": _("Check files for viruses"),
        "expire_due": _("Remove files whose time is over"),
        "sweep": _("Look for files that nothing names"),
    }

    def ready(self) -> None:
        """Make the part's permission known."""
        import communs.core.files.rules  # noqa: F401 -- after the models it reads
