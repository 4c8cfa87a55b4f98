"""What a person sees and changes of their own account."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.views import ConnectionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.people import identities, queries
from communs.core.people.actions import end_sessions, rename
from communs.core.people.forms import NameForm

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's account, and where each thing is changed."""
    person: Any = request.user
    context = {"held": queries.held_by(person)}
    return render(request, "people/account.html", context)


@_FORM
@login_required
def name(request: HttpRequest) -> HttpResponse:
    """Change the name that others see."""
    person: Any = request.user
    form = NameForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        rename(name=form.cleaned_data["name"], by=person)
        messages.success(request, _("Your name is changed."))
        return redirect("people:account")
    return render(request, "people/name.html", {"form": form}, status=422 if form.errors else 200)


class Connections(ConnectionsView):
    """See, add and remove the identities from elsewhere that lead into one's account."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        held = {account.provider for account in self.get_form().accounts}
        others = [i for i in identities.offered(self.request) if i.key not in held]
        return super().get_context_data(**context) | {"identities": others}


@_FORM
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """See where one is signed in; end one session, or all the others."""
    person: Any = request.user
    here = request.session.session_key
    found = queries.sessions_of(person, current=here)
    if request.method == "POST":
        wanted = request.POST.get("session", "")
        ended = [s.row for s in found if not s.current and wanted in ("", str(s.row.pk))]
        count = end_sessions(sessions=ended, by=person)
        messages.success(request, _("Ended.") if count else _("There was nothing to end."))
        return redirect("usersessions_list")
    return render(request, "usersessions/usersession_list.html", {"sessions": found})
