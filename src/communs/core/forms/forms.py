"""What who writes a form fills: a title, a page, a section, a question and what is set of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext_lazy as _

from communs.core.forms import subjects
from communs.core.forms.engine.definition import (
    LONGEST_HELP,
    LONGEST_LABEL,
    MOST_ROWS,
    Definition,
    Field,
    Node,
    Page,
    Repeat,
    Section,
    Text,
    Words,
    said,
)
from communs.core.forms.engine.kinds import KINDS, kind_of
from communs.core.forms.setting import fields_for, settings_from
from communs.core.forms.wording import KINDS as KIND_WORDS

_LONGEST_IMPORT = 2_000_000


class TitleForm(forms.Form):
    """What a form is called."""

    title = forms.CharField(max_length=120, label=_("Title"))
    title_en = forms.CharField(max_length=120, required=False, label=_("Title in English"))


class AddForm(TitleForm):
    """A form that begins."""

    purpose = forms.ChoiceField(label=_("What it is for"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (use.purpose, use.title) for use in subjects.uses()
        ]


class SettingsForm(TitleForm):
    """A form's title and how long its answers are kept."""

    draft_days = forms.IntegerField(
        min_value=1,
        max_value=36_525,
        label=_("Days that a draft is kept"),
        help_text=_("They count from its last change."),
    )
    keep_days = forms.IntegerField(
        min_value=1,
        max_value=36_525,
        label=_("Days that sent answers are kept"),
        help_text=_("They count from sending; 3 653 days are ten years."),
    )


class ImportForm(forms.Form):
    """A whole definition in JSON."""

    text = forms.CharField(
        max_length=_LONGEST_IMPORT,
        label=_("The definition in JSON"),
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )


class KindForm(forms.Form):
    """A question that begins: its words and its kind."""

    label = forms.CharField(max_length=LONGEST_LABEL, label=_("Question"))
    kind = forms.ChoiceField(
        label=_("Kind of answer"),
        choices=[(key, KIND_WORDS[key]) for key in KINDS],
        widget=forms.RadioSelect,
    )


class HeadForm(forms.Form):
    """The title of a page or a section, and its help."""

    title = forms.CharField(max_length=LONGEST_LABEL, label=_("Title"))
    title_en = forms.CharField(
        max_length=LONGEST_LABEL, required=False, label=_("Title in English")
    )
    help = forms.CharField(
        max_length=LONGEST_HELP,
        required=False,
        label=_("Help, under the title"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    help_en = forms.CharField(
        max_length=LONGEST_HELP,
        required=False,
        label=_("Help in English"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SectionForm(HeadForm):
    """A section, which may repeat."""

    title = forms.CharField(max_length=LONGEST_LABEL, required=False, label=_("Title"))
    repeats = forms.BooleanField(
        required=False,
        label=_("Repeat this section"),
        help_text=_("Whoever fills it adds as many rows as needed: partners, expenses…"),
    )
    row = forms.CharField(
        max_length=80, required=False, label=_("What a row is called"), help_text=_("As: Partner")
    )
    least = forms.IntegerField(
        min_value=0, max_value=MOST_ROWS, required=False, label=_("Rows at least")
    )
    most = forms.IntegerField(
        min_value=1, max_value=MOST_ROWS, required=False, label=_("Rows at most")
    )


class FieldForm(forms.Form):
    """A question; what is set of its kind is added by `form_for`."""

    label = forms.CharField(max_length=LONGEST_LABEL, label=_("Question"))
    label_en = forms.CharField(
        max_length=LONGEST_LABEL, required=False, label=_("Question in English")
    )
    help = forms.CharField(
        max_length=LONGEST_HELP,
        required=False,
        label=_("Help, before the answer"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    help_en = forms.CharField(
        max_length=LONGEST_HELP,
        required=False,
        label=_("Help in English"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    required = forms.BooleanField(required=False, label=_("An answer is required"))


class ExplanationForm(forms.Form):
    """Words that stand between questions."""

    label = forms.CharField(
        max_length=LONGEST_HELP, label=_("Text"), widget=forms.Textarea(attrs={"rows": 6})
    )
    label_en = forms.CharField(
        max_length=LONGEST_HELP,
        required=False,
        label=_("Text in English"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def form_for(node: Node, definition: Definition, data: Any = None) -> forms.Form:
    """Give the form of a page, a section or a question."""
    if isinstance(node, Page):
        return HeadForm(data, initial=_head(node))
    if isinstance(node, Section):
        repeat = node.repeat or Repeat(min=1)
        rows = {"row": said(repeat.row), "least": repeat.min, "most": repeat.max}
        initial = _head(node) | rows | {"repeats": node.repeat is not None}
        return SectionForm(data, initial=initial)
    initial = _named("label", node.label) | _named("help", node.help)
    if not kind_of(node).asks:
        return ExplanationForm(data, initial=initial)
    more = fields_for(node, definition)
    made = type("QuestionForm", (FieldForm,), dict(more))
    return made(data, initial=initial | {"required": node.required})


def node_from(form: forms.Form, node: Node, definition: Definition) -> Node:
    """Give a page, a section or a question as a filled form says."""
    given: Mapping[str, Any] = form.cleaned_data
    if isinstance(node, Field):
        words = {"label": text(given["label"], given["label_en"])}
        if not kind_of(node).asks:
            return msgspec.structs.replace(node, **words)
        return msgspec.structs.replace(
            node,
            **words,
            help=text(given["help"], given["help_en"]),
            required=given["required"],
            settings=settings_from(node, given, definition),
        )
    head = {
        "title": text(given["title"], given["title_en"]),
        "help": text(given["help"], given["help_en"]),
    }
    if isinstance(node, Page):
        return msgspec.structs.replace(node, **head)
    return msgspec.structs.replace(node, **head, repeat=_repeat(given))


def text(french: str, english: str) -> Words:
    """Give words in one or two languages."""
    return Text(french, english) if english else french


def _repeat(given: Mapping[str, Any]) -> Repeat | None:
    if not given["repeats"]:
        return None
    least, most = given["least"] or 0, given["most"] or 10
    return Repeat(min=least, max=max(most, least), row=given["row"])


def _head(node: Page | Section) -> dict[str, Any]:
    return _named("title", node.title) | _named("help", node.help)


def _named(name: str, found: Words) -> dict[str, str]:
    english = "" if isinstance(found, str) else found.en
    return {name: said(found), f"{name}_en": english}
