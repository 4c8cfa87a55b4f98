"""Calls as they are prepared, for the programs of the fund's managers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from communs.core.api.security import signed_in
from communs.core.forms import queries as forms_of
from communs.core.forms.models import Version
from communs.core.kit.errors import Refused
from communs.services.fund import actions
from communs.services.fund.api.asked import needs
from communs.services.fund.models import Call
from communs.services.fund.queries import calls as queries
from communs.services.fund.rules import FORM, MANAGE
from communs.services.fund.schemas import (
    CallChoicesOut,
    CallFormName,
    CallIn,
    CriterionIn,
    CriterionOut,
    ManagedCallOut,
    ManagedCallRow,
    NewCallIn,
    PhaseIn,
    PhaseOut,
    RulesName,
    SiteIn,
    SiteOut,
    call_form_out,
    criterion_out,
    envelope_out,
    managed_call_out,
    managed_call_row,
    phase_out,
    site_out,
)

router = Router(auth=signed_in)
R = TypeVar("R")
_ALL = "/gestion/appels"
_ONE = "/gestion/appels/{code}"
_CHOSEN = {"programme", "rules", "form", "envelope", "challenges", "criteria"}


@router.get("/gestion/reglages", response=CallChoicesOut, url_name="fund_call_choices")
def choices(request: HttpRequest) -> dict[str, Any]:
    """List what the body of a call may name: programmes, envelopes, rules and forms."""
    needs(request, MANAGE)
    return {
        "programmes": list(queries.programmes()),
        "envelopes": [envelope_out(one) for one in queries.envelopes()],
        "rules": list(queries.rules_versions()),
        "forms": [call_form_out(one) for one in forms_of.published(FORM)],
    }


@router.get(_ALL, response=list[ManagedCallRow], url_name="fund_managed_calls")
def managed_calls(request: HttpRequest) -> list[dict[str, Any]]:
    """List every call with its state, those in preparation with what they lack."""
    needs(request, MANAGE)
    at = timezone.now()
    return [managed_call_row(one, at) for one in queries.prepared_calls()]


@router.post(_ALL, response={201: ManagedCallOut}, url_name="fund_managed_calls")
def begin(request: HttpRequest, given: NewCallIn) -> Status:
    """Begin a call, which nobody sees before it is published."""
    needs(request, MANAGE)
    programme = _named(
        queries.programme_named(given.programme), "programme", _("No programme has this acronym.")
    )
    made = actions.add_call(
        programme=programme,
        **_values(given, None),
        criteria=[actions.FirstCriterion(one.title, one.weight) for one in given.criteria],
        phases=actions.first_phases(given.kind),
        by=request.user,
    )
    return Status(201, managed_call(request, made.code))


@router.get(_ONE, response=ManagedCallOut, url_name="fund_managed_call")
def managed_call(request: HttpRequest, code: str) -> dict[str, Any]:
    """Give a whole call, whatever its state."""
    return managed_call_out(_call(request, code), timezone.now())


@router.put(_ONE, response=ManagedCallOut, url_name="fund_managed_call")
def change(request: HttpRequest, code: str, given: CallIn) -> dict[str, Any]:
    """Write a whole call; of a published one, what applicants count on no longer changes."""
    found = _call(request, code)
    values = _values(given, found)
    actions.change_call(call=found, **values, at=timezone.now(), by=request.user)
    return managed_call(request, code)


@router.post(f"{_ONE}/publication", response=ManagedCallOut, url_name="fund_call_published")
def publish(request: HttpRequest, code: str) -> dict[str, Any]:
    """Show a call to everybody."""
    actions.publish_call(call=_call(request, code), at=timezone.now(), by=request.user)
    return managed_call(request, code)


@router.post(f"{_ONE}/archive", response=ManagedCallOut, url_name="fund_call_archived")
def archive(request: HttpRequest, code: str) -> dict[str, Any]:
    """Take a closed call off the list; its files stay."""
    actions.archive_call(call=_call(request, code), at=timezone.now(), by=request.user)
    return managed_call(request, code)


@router.post(f"{_ONE}/criteres", response={201: CriterionOut}, url_name="fund_call_criteria")
def add_criterion(request: HttpRequest, code: str, given: CriterionIn) -> Status:
    """Add what applications are judged by."""
    found = _call(request, code)
    made = actions.add_criterion(call=found, **given.model_dump(), by=request.user)
    return Status(201, criterion_out(made))


@router.delete(
    f"{_ONE}/criteres/{{uuid:key}}", response={204: None}, url_name="fund_call_criterion"
)
def remove_criterion(request: HttpRequest, code: str, key: UUID) -> Status:
    """Take a criterion away from a call in preparation."""
    row = _of(_call(request, code).criteria.all(), key)
    actions.remove_criterion(criterion=row, by=request.user)
    return Status(204, None)


@router.post(f"{_ONE}/phases", response={201: PhaseOut}, url_name="fund_call_phases")
def add_phase(request: HttpRequest, code: str, given: PhaseIn) -> Status:
    """Add a time of examination."""
    found = _call(request, code)
    made = actions.add_phase(call=found, phase=given.model_dump(), by=request.user)
    return Status(201, phase_out(made))


@router.delete(f"{_ONE}/phases/{{uuid:key}}", response={204: None}, url_name="fund_call_phase")
def remove_phase(request: HttpRequest, code: str, key: UUID) -> Status:
    """Take a time of examination away in which nobody was asked for an opinion."""
    row = _of(_call(request, code).phases.all(), key)
    actions.remove_phase(phase=row, by=request.user)
    return Status(204, None)


@router.post(f"{_ONE}/sites", response={201: SiteOut}, url_name="fund_call_sites")
def add_site(request: HttpRequest, code: str, given: SiteIn) -> Status:
    """Add where a commune offers to try solutions."""
    found = _call(request, code)
    sentence = _("No commune or territory has this short name.")
    body = _named(queries.body_named(given.commune), "commune", sentence)
    written = given.model_dump(exclude={"commune"})
    made = actions.add_site(call=found, body=body, **written, by=request.user)
    return Status(201, site_out(made))


@router.delete(f"{_ONE}/sites/{{uuid:key}}", response={204: None}, url_name="fund_call_site")
def remove_site(request: HttpRequest, code: str, key: UUID) -> Status:
    """Take a site away that nobody answered yet."""
    row = _of(_call(request, code).sites.all(), key)
    actions.remove_site(site=row, by=request.user)
    return Status(204, None)


def _call(request: HttpRequest, code: str) -> Call:
    needs(request, MANAGE)
    found = queries.call(code, drafts=True)
    if found is None:
        raise Http404(code)
    return found


def _of(rows: Iterable[R], key: UUID) -> R:
    """Give the row of a call that has this key; that of another call is not there."""
    found = next((one for one in rows if getattr(one, "pk", None) == key), None)
    if found is None:
        raise Http404(str(key))
    return found


def _named(row: R | None, field: str, sentence: str) -> R:
    """Give what a body names, or refuse the name."""
    if row is None:
        raise Refused(sentence, field=field)
    return row


def _values(given: CallIn, call: Call | None) -> dict[str, Any]:
    """Give what a body says of a call, with the rows that it names."""
    envelope = None
    if given.envelope is not None:
        sentence = _("No envelope has this key.")
        envelope = _named(queries.envelope(given.envelope), "envelope", sentence)
    return given.model_dump(exclude=_CHOSEN) | {
        "rules": _rules(given.rules),
        "form": _form(given.form, call),
        "envelope": envelope,
        "challenges": [one.value for one in dict.fromkeys(given.challenges)],
    }


def _rules(name: RulesName | None) -> Any:
    if name is None:
        return None
    sentence = _("There is no such version of funding rules.")
    return _named(queries.rules_named(name.code, name.version), "rules", sentence)


def _form(name: CallFormName | None, call: Call | None) -> Version | None:
    """Give a version in force, or the one that the call has already."""
    if name is None:
        return None
    held = call.form if call is not None else None
    if held is not None and (held.form.key, held.number) == (name.key, name.version):
        return held
    found = forms_of.published(FORM).filter(form__key=name.key, number=name.version).first()
    return _named(found, "form", _("No form for applications has this version in force."))
