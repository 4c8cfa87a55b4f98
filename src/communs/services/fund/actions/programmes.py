"""Programmes, their rules as versions, and the money voted for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum
from django.utils.text import slugify
from django.utils.translation import gettext as _

from communs.core.journal.actions import action, record
from communs.core.kit.errors import Refused
from communs.core.kit.localised import money
from communs.core.kit.text import clean_line, clean_text
from communs.services.fund.engine.financing import terms as rules_of
from communs.services.fund.models import Envelope, FundingRules, Programme
from communs.services.fund.queries.explaining import fault_told

CODE_LENGTH = 40


@action("fund.programme_added")
def add_programme(*, acronym: str, name: str, created_on: date | None = None, by: Any) -> Programme:
    """Add a fund; its code is made of its acronym."""
    short, long = clean_line(acronym), clean_line(name)
    code = slugify(short)[:CODE_LENGTH]
    if not code:
        raise Refused(_("Write a short name in letters and digits."), field="acronym")
    if not long:
        raise Refused(_("Write its name."), field="name")
    values = {"acronym": short, "name": long, "created_on": created_on}
    row, made = Programme.objects.get_or_create(code=code, defaults=values)
    if not made:
        raise Refused(_("Another programme has this short name."), field="acronym")
    record(row, code=code)
    return row


@action("fund.rules_added")
def add_rules(
    *,
    code: str,
    title: str,
    terms: Mapping[str, Any],
    text: str = "",
    reference: str = "",
    valid_from: date | None = None,
    example: bool = False,
    by: Any,
) -> FundingRules:
    """Add rules, or their next version: what a call was published with is never rewritten."""
    line, name = clean_line(title), slugify(code)[:CODE_LENGTH]
    if not line:
        raise Refused(_("Write what these rules are called."), field="title")
    if not name:
        raise Refused(_("Write a short name in letters and digits."), field="code")
    try:
        read = rules_of.read(terms)
    except rules_of.Faulty as faulty:
        first = faulty.faults[0]
        raise Refused(fault_told(first), field=first.where) from faulty
    last = FundingRules.objects.filter(code=name).aggregate(last=Max("version"))["last"] or 0
    row = FundingRules.objects.create(
        code=name,
        version=last + 1,
        title=line,
        terms=rules_of.written(read),
        text=clean_text(text),
        reference=clean_line(reference),
        valid_from=valid_from,
        example=example,
    )
    record(row, code=name, version=row.version)
    return row


@action("fund.envelope_added")
def add_envelope(
    *,
    programme: Programme,
    title: str,
    year: int,
    amount: Decimal,
    parent: Envelope | None = None,
    by: Any,
) -> Envelope:
    """Add money voted for a year, whole or a part of what was voted; parts never exceed it."""
    line = clean_line(title)
    if not line:
        raise Refused(_("Write its name."), field="title")
    if Envelope.objects.filter(programme=programme, year=year, title=line).exists():
        raise Refused(_("This programme has an envelope of this name that year."), field="title")
    if parent is not None:
        _refuse_part(parent, amount)
    row = Envelope.objects.create(
        programme=programme, parent=parent, title=line, year=year, amount=amount
    )
    record(row, year=year, amount=str(amount))
    return row


def _refuse_part(parent: Envelope, amount: Decimal) -> None:
    """Refuse a part that, with the others, is more than the whole; the whole is held."""
    whole = Envelope.objects.select_for_update().get(pk=parent.pk)
    shared = Envelope.objects.filter(parent=whole).aggregate(sum=Sum("amount"))["sum"]
    left = whole.amount - (shared or Decimal(0))
    if amount > left:
        sentence = _("Only %(left)s of “%(whole)s” is left to be shared out.")
        raise Refused(sentence % {"left": money(left), "whole": whole.title}, field="amount")
