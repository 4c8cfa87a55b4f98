"""Writing forms: added, changed, tried, published, closed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from communs.core.forms import filling, queries
from communs.core.forms.engine.definition import Definition, Text, plain, spots
from communs.core.forms.engine.kinds import kind_of
from communs.core.forms.engine.reading import Malformed, read
from communs.core.forms.enums import Expected
from communs.core.forms.models import Answers, Form, TestCase, Version
from communs.core.forms.testing import Tried, tried
from communs.core.forms.wording import DEFINITIONS, refusal
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line

_UNSAID = object()


class TestsFailed(Refused):
    """A form is not published: these test cases did not find what they expected."""

    __test__ = False  # no test of ours

    def __init__(self, failed: list[Tried]) -> None:
        names = ", ".join(f"“{one.case.name}”" for one in failed)
        super().__init__(_("Not published: these test cases fail: %(names)s.") % {"names": names})
        self.failed = failed


@action("forms.form_added")
def add_form(
    *,
    key: str,
    title: str,
    purpose: str,
    title_en: str = "",
    definition: Any = None,
    demonstration: bool = False,
    at: datetime,
    by: Any,
) -> Form:
    """Add a form, empty or from a definition; nobody sees it until it is published."""
    if Form.objects.filter(key=key).exists():
        raise Refused(_("Another form has this short name already."), field="key")
    form = Form(
        key=key,
        title=title,
        title_en=title_en,
        purpose=purpose,
        definition=plain(sound(definition or {}, draft=True)),
        changed_at=at,
        demonstration=demonstration,
    )
    form.save(force_insert=True)
    record(form, key=key, title=title, purpose=purpose)
    return form


@action("forms.form_changed")
def change_form(
    *,
    form: Form,
    definition: Definition | Mapping[str, Any] | None = None,
    titles: Text | None = None,
    revision: int,
    what: str = "",
    at: datetime,
    by: Any,
) -> Form:
    """Change a form's draft, if nobody changed it since `revision`; a loop is refused by name."""
    row = _held(form, revision)
    before = (row.definition, row.title, row.title_en)
    if definition is not None:
        raw = plain(definition) if isinstance(definition, Definition) else definition
        row.definition = plain(sound(raw, draft=True))
    if titles is not None:
        row.title, row.title_en = titles.fr, titles.en
    if before == (row.definition, row.title, row.title_en):
        nothing_done()
        return row
    row.revision += 1
    row.changed_at = at
    row.save(update_fields=["definition", "title", "title_en", "revision", "changed_at"])
    record(row, key=row.key, revision=row.revision, what=what)
    return row


@action("forms.published")
def publish(*, form: Form, at: datetime, by: Any) -> Version:
    """Run the test cases, then make of the draft a version that never changes."""
    row = _locked(form)
    definition = sound(row.definition)
    if not any(kind_of(spot.field).asks for spot in spots(definition)):
        raise Refused(str(DEFINITIONS["empty"]))
    failed = [one for one in tried(definition, queries.tests_of(row)) if not one.passed]
    if failed:
        raise TestsFailed(failed)
    digest = digest_of(row)
    standing = queries.latest(row)
    if standing is not None and standing.sha256 == digest:
        raise Refused(_("Nothing changed since version %(n)s.") % {"n": standing.number})
    if standing is not None:
        standing.retired_at = at
        standing.save(update_fields=["retired_at"])
    last = Version.objects.filter(form=row).aggregate(Max("number"))["number__max"] or 0
    version = Version(
        form=row,
        number=last + 1,
        title=row.title,
        title_en=row.title_en,
        purpose=row.purpose,
        definition=plain(definition),
        sha256=digest,
        at=at,
    )
    version.save(force_insert=True)
    record(row, key=row.key, number=version.number, sha256=digest)
    return version


@action("forms.closed")
def close(*, form: Form, at: datetime, by: Any) -> Form:
    """Take the version in force out of force: nobody begins it any more, drafts go on."""
    row = _locked(form)
    standing = queries.latest(row)
    if standing is None:
        raise Refused(_("This form is not published."))
    standing.retired_at = at
    standing.save(update_fields=["retired_at"])
    record(row, key=row.key, number=standing.number)
    return row


@action("forms.test_kept")
def keep_test(
    *,
    form: Form,
    name: str,
    values: Mapping[str, Any],
    typed: Mapping[str, Any] | None = None,
    expected: str = Expected.ACCEPTED,
    refused: list[str] | None = None,
    shown: list[str] | None = None,
    hidden: list[str] | None = None,
    by: Any,
) -> TestCase:
    """Keep a test case under its name; one that has it is replaced."""
    line = clean_line(name)
    if not line:
        raise Refused(_("Give the test case a name."), field="name")
    case = TestCase.objects.filter(form=form, name=line).first() or TestCase(form=form, name=line)
    case.values, case.typed = dict(values), dict(typed or {})
    case.expected = expected
    case.refused, case.shown, case.hidden = refused or [], shown or [], hidden or []
    case.save()
    record(form, name=line, expected=str(expected))
    return case


@action("forms.test_removed")
def remove_test(*, case: TestCase, by: Any) -> None:
    """Take a test case away."""
    record(case.form, name=case.name)
    case.delete()


@action("forms.answers_expired")
def expire(*, answers: Answers, at: datetime, by: Any) -> None:
    """Remove answers whose time is over, with their files."""
    row = Answers.objects.select_for_update().filter(pk=answers.pk, expires_at__lte=at).first()
    if row is None:
        nothing_done()
        return
    record(row, about=row.subject, state=row.state)
    filling.forget(answers=row, by=by)


def sound(definition: Any, *, draft: bool = False) -> Definition:
    """Read a definition; raises Refused with the place of the fault."""
    raw = plain(definition) if isinstance(definition, Definition) else definition
    try:
        return read(raw, draft=draft)
    except Malformed as found:
        raise Refused(refusal(found), field=found.place) from found


def is_ahead(form: Form) -> bool:
    """Tell whether a form's draft is not what is published; `form` comes from `queries.forms`."""
    known = getattr(form, "in_force_sha256", _UNSAID)
    if known is _UNSAID:
        standing = queries.latest(form)
        known = standing.sha256 if standing else None
    return bool(known != digest_of(form))


def digest_of(form: Form) -> str:
    """Give the digest of what would be published."""
    told = [form.title, form.title_en, form.purpose, plain(sound(form.definition, draft=True))]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(form: Form) -> Form:
    found: Form = Form.objects.select_for_update().get(pk=form.pk)
    return found


def _held(form: Form, revision: int) -> Form:
    row = _locked(form)
    if row.revision != revision:
        raise Refused(
            _("A colleague changed this form meanwhile: look at it again, then change it.")
        )
    return row
