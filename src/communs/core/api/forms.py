"""Forms, for programs: which are open, what they ask, whether answers would be accepted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from ninja import Path, Router, Schema
from pydantic import Field

from communs.core.forms import queries
from communs.core.forms.engine.checking import with_ids
from communs.core.forms.engine.definition import plain
from communs.core.forms.engine.schema import schema_of
from communs.core.forms.engine.sheets import Sheet
from communs.core.forms.models import Version
from communs.core.forms.rendering import communes_for
from communs.core.forms.telling import Told, all_told

router = Router()

KEY = Path(..., description="Short name of the form", pattern=r"^[-a-zA-Z0-9_]{1,40}$")


class FormOut(Schema):
    """A form that anybody may begin."""

    key: str
    title: str
    purpose: str = Field(description="What uses it, as fund.application")
    version: int
    published_at: dt.datetime
    sha256: str = Field(description="Digest of the version; a version never changes")


class FormsOut(Schema):
    """The forms in force."""

    count: int
    forms: list[FormOut]


class WholeFormOut(FormOut):
    """A form with what it asks."""

    answers: dict[str, Any] = Field(description="JSON Schema 2020-12 of whole answers")
    layout: dict[str, Any] = Field(description="Pages, sections, questions and conditions")


class AnswersIn(Schema):
    """Answers to be checked; they are not kept."""

    values: dict[str, Any]


class ProblemOut(Schema):
    """What is wrong in one answer."""

    path: str
    page: str
    label: str
    code: str
    detail: str


class CheckedOut(Schema):
    """Whether answers would be accepted."""

    accepted: bool
    problems: list[ProblemOut]


@router.get("formulaires", response=FormsOut, url_name="forms")
def list_forms(request: HttpRequest) -> dict[str, Any]:
    """Give the forms in force, by title."""
    found = [_told(one) for one in queries.open_to_all()]
    return {"count": len(found), "forms": found}


@router.get("formulaires/{key}", response=WholeFormOut, url_name="form")
def one_form(request: HttpRequest, key: str = KEY) -> dict[str, Any]:
    """Give a form in force: the schema of its answers, and how it asks for them."""
    version = _found(key)
    definition = version.read()
    told = _told(version)
    schema = schema_of(definition, title=told["title"])
    return told | {"answers": schema, "layout": plain(definition)}


@router.post("formulaires/{key}/verifier", response=CheckedOut, url_name="form_check")
def check_answers(request: HttpRequest, given: AnswersIn, key: str = KEY) -> dict[str, Any]:
    """Tell what is wrong in answers to a form; nothing is kept."""
    definition = _found(key).read()
    values = with_ids(definition, given.values)
    found = all_told(definition, Sheet(values), communes=communes_for(definition))
    return {"accepted": not found, "problems": [_problem(one) for one in found]}


def _found(key: str) -> Version:
    version = queries.open_named(key)
    if version is None:
        raise Http404(key)
    return version


def _told(version: Version) -> dict[str, Any]:
    english = (get_language() or "").startswith("en")
    return {
        "key": version.form.key,
        "title": (version.title_en if english else "") or version.title,
        "purpose": version.purpose,
        "version": version.number,
        "published_at": version.at,
        "sha256": version.sha256,
    }


def _problem(one: Told) -> dict[str, str]:
    return {
        "path": one.path,
        "page": one.page,
        "label": one.label,
        "code": one.code,
        "detail": one.sentence,
    }
