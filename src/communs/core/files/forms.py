"""A file in a form: what is taken is said before, and a refused form does not lose it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from communs.core.files import purposes, queries, words
from communs.core.files.actions import DRAFT_HOURS, keep
from communs.core.files.models import StoredFile
from communs.core.kit.errors import Refused

_SIGNER = signing.TimestampSigner(salt="files.draft")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form brought for a file: an upload, or the token of one that was kept before."""

    upload: UploadedFile | None = None
    token: str = ""
    dropped: bool = False


class FileInput(forms.Widget):
    """The browser's own file picker, and what was kept of an earlier try."""

    needs_multipart_form = True
    template_name = "files/file_input.html"
    kept: StoredFile | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        dropped = data.get(f"{name}-drop") == "on"
        return Sent(files.get(name), str(data.get(f"{name}-kept", "")), dropped)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and f"{name}-kept" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and self.kept is None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the picker; what a form brought is never written back, only what was kept."""
        del value, renderer
        context = {
            "name": name,
            "attrs": self.build_attrs(self.attrs, attrs),
            "kept": self.kept,
            "size": words.size(self.kept.size) if self.kept else "",
            "token": token_of(self.kept) if self.kept else "",
        }
        return SafeString(render_to_string(self.template_name, context))


class FileField(forms.Field):
    """A file for a declared purpose; its clean value is a draft, which your action attaches."""

    widget = FileInput
    default_error_messages = {
        "required": _("Choose a file."),
        "gone": _("The file sent before is no longer kept: send it again."),
    }
    at: datetime | None = None
    by: Any = None

    def __init__(self, purpose: str, **options: Any) -> None:
        options.setdefault("help_text", words.allowed_lazily(purpose))
        super().__init__(**options)
        self.purpose = purpose

    def clean(self, value: Any) -> StoredFile | None:
        sent = value if isinstance(value, Sent) else Sent()
        found = self._kept(sent)
        if isinstance(self.widget, FileInput):
            self.widget.kept = found
        if found is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found

    def _kept(self, sent: Sent) -> StoredFile | None:
        if self.at is None:
            message = "A form with files begins with WithFiles, and is given `at` and `by`."
            raise TypeError(message)
        if sent.upload is not None:
            try:
                return keep(upload=sent.upload, purpose=self.purpose, at=self.at, by=self.by)
            except Refused as refusal:
                raise forms.ValidationError(str(refusal), code="refused") from refusal
        if not sent.token or sent.dropped:
            return None
        found = draft_of(sent.token, self.purpose, at=self.at)
        if found is None:
            raise forms.ValidationError(self.error_messages["gone"], code="gone")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        del initial
        return isinstance(data, Sent) and bool(data.upload or data.token)


class WithFiles(forms.Form):
    """A form with files: it is told who sends them and when."""

    def __init__(self, *args: Any, at: datetime, by: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, FileField):
                field.at, field.by = at, by
                field.widget.attrs["accept"] = purposes.named(field.purpose).accept


def token_of(file: StoredFile) -> str:
    """Give the token by which whoever sent a draft may use it for a day."""
    return _SIGNER.sign(f"{file.community_id.hex}:{file.pk.hex}")


def draft_of(token: str, purpose: str, *, at: datetime) -> StoredFile | None:
    """Give the draft that a token names here, or None if it is gone or was never ours."""
    try:
        signed = _SIGNER.unsign(token, max_age=DRAFT_HOURS * 3600)
    except signing.BadSignature:
        return None
    key = UUID(signed.partition(":")[2])
    return queries.draft(key, purposes.named(purpose), at=at)
