"""The journal as an administrator reads it, takes it out, has it checked."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communs.core.access.rules import require
from communs.core.journal import labels, queries, verification
from communs.core.journal.models import Event
from communs.core.people.models import Person
from communs.core.privacy import consultations
from communs.core.registry.request import Request
from communs.core.web import jobs
from communs.core.web.actions import note_export
from communs.core.web.journal_form import JournalForm

_SIZE = 50
_IN_MEMORY = 1_000_000  # bytes; a longer export goes by a file


@dataclass(frozen=True, slots=True)
class Line:
    """An event in words."""

    event: Event
    words: str
    actor: Person | None

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [(name, _told(value)) for name, value in sorted(self.event.data.items())]

    @property
    def when(self) -> str:
        return f"{timezone.localtime(self.event.at):%H:%M:%S}"


@require_safe
@login_required
def index(request: Request) -> HttpResponse:
    """What was done here, the latest first."""
    require(request.user, "community.manage")
    form = JournalForm(request.GET, names=queries.names_used())
    valid = form.is_valid()
    asked = form.asked() if valid else queries.Asked()
    before = form.cleaned_data.get("before") if valid else None
    events, more = queries.slice_of(queries.events(asked), before=before, size=_SIZE)
    given = {key: value for key, value in request.GET.items() if key != "before" and value}
    lines = in_words(events)
    people = [line.actor for line in lines if line.actor]
    consultations.note(
        people=people, what="web.journal", reader=request.user, on=timezone.localdate()
    )
    context = {
        "form": form,
        "lines": lines,
        "older": f"?{urlencode(given | {'before': events[-1].pk.hex})}" if more else "",
        "is_later_page": before is not None,
        "newest": f"?{urlencode(given)}",
        "searched": bool(given),
        "seal": queries.last_seal(),
    }
    return render(request, "web/journal.html", context, status=200 if valid else 422)


@require_POST
@login_required
def export(request: Request) -> FileResponse:
    """The whole journal as a file that can be checked with Python alone; taking it is an event."""
    require(request.user, "community.manage")
    note_export(by=request.user)
    # Written at once: a stream would be read after the community is no longer in force.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the response closes it
    for line in verification.export():
        file.write(line)
    file.seek(0)
    name = f"journal-{request.community.slug}-{timezone.localdate()}.jsonl"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/jsonl")


@require_POST
@login_required
def check(request: Request) -> HttpResponse:
    """Have the whole journal checked; the answer stands on the task's page."""
    require(request.user, "community.manage")
    return redirect("web:job", jobs.ask(jobs.check_journal, by=request.user))


def _told(value: Any) -> str:
    """Write a fact as a person reads it; what has parts stays as it is kept."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def in_words(events: list[Event]) -> list[Line]:
    """Give events with their words and the names of who acted: one query."""
    people = Person.objects.in_bulk(queries.actors_of(events))
    return [Line(e, labels.of_event(e.name), people.get(e.actor)) for e in events]
