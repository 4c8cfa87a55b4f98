"""The first-run wizard: open with the code of the terminal, until somebody administers."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from functools import wraps
from secrets import compare_digest
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from communs.core.kit.forms import done
from communs.core.people import attempts
from communs.core.people.letters import letter
from communs.core.people.mail import send
from communs.core.registry.request import Request
from communs.core.web import installation
from communs.core.web.wizard_forms import (
    AdministratorForm,
    CodeForm,
    MailForm,
    MetropolisForm,
    ProofForm,
    ServicesForm,
)

_KEY, _CHECKED, _CHOSEN, _PENDING = "set_up", "set_up_checked", "set_up_chosen", "set_up_pending"
_LASTS = 15 * 60  # seconds that a code by e-mail serves
_MOST = 3  # attempts at it
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

View = Callable[..., HttpResponse]


def _while_open(view: View) -> View:
    """Answer 404 once the installation has its administrator, and in any commune."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def run(request: Request) -> HttpResponse:
        elsewhere = request.community is not None and not request.community.is_metropolis
        if elsewhere or not installation.is_open():
            raise Http404(request.path)
        return view(request)

    return run


def _with_code(view: View) -> View:
    """Lead to the first page whoever has not given the code, and to the step that comes first."""

    @_while_open
    @wraps(view)
    def run(request: Request) -> HttpResponse:
        if not installation.is_code(request.session.get(_KEY, "")):
            return redirect("web:wizard")
        if request.community is None and view.__name__ != "metropolis":
            return redirect("web:wizard_metropolis")
        return view(request)

    return run


@_while_open
def start(request: Request) -> HttpResponse:
    """The language, and the code; five wrong ones in a row, and this reader waits five minutes."""
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        if installation.is_code(request.session.get(_KEY, "")):
            return redirect(_next(request))
        return _step(request, "start", form)
    who = f"set-up {get_adapter().get_client_ip(request)}"
    if not attempts.begin(who, at=timezone.now()):
        form.add_error("code", _("Too many attempts. Wait five minutes, then try again."))
        return _step(request, "start", form, status=429)
    if not form.is_valid():
        return _step(request, "start", form)
    attempts.forgive(who)
    request.session.cycle_key()
    request.session[_KEY] = form.cleaned_data["code"]
    return redirect(_next(request))


@_with_code
def metropolis(request: Request) -> HttpResponse:
    """Which metropolis this is."""
    if request.community is not None:
        return redirect(_next(request))
    data = request.POST if request.method == "POST" else None
    form = MetropolisForm(data, request.FILES or None, initial={"start": "reference"})
    if request.method == "POST" and _made(form):
        messages.success(request, _("The metropolis is there."))
        return redirect("web:wizard_checks")
    return _step(request, "metropolis", form)


@_with_code
def checks(request: Request) -> HttpResponse:
    """The host name and the mail server, with a message to try it."""
    if request.POST.get("action") == "continue":
        request.session[_CHECKED] = True
        return redirect("web:wizard_services")
    form = MailForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        _try_mail(request, form)
    facts: dict[str, Any] = {
        "host": request.get_host(),
        "secure": request.is_secure(),
        "has_mail": installation.has_mail(),
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return _step(request, "checks", form, **facts)


@_with_code
def services(request: Request) -> HttpResponse:
    """Which services the metropolis opens with."""
    form = ServicesForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        installation.switch_on(form.cleaned_data["services"])
        request.session[_CHOSEN] = True
        return redirect("web:wizard_account")
    return _step(request, "services", form)


@_with_code
def account(request: Request) -> HttpResponse:
    """The first administrator; where mail leaves, the address is proven by a code."""
    pending = request.session.get(_PENDING) or {}
    if pending and "code" in request.POST:
        return _prove(request, pending)
    form = AdministratorForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _step(request, "account", form)
    given = {**form.cleaned_data, "password": make_password(form.cleaned_data["password"])}
    if installation.has_mail():
        code = get_adapter().generate_login_code()
        send(letter("account/email/login_code", {"code": code}), to=given["email"])
        request.session[_PENDING] = {"given": given, "code": code, "at": time.time(), "tries": 0}
        return _step(request, "proof", ProofForm(), email=given["email"])
    return _finish(request, form, given, proven=False)


def _prove(request: Request, pending: dict[str, Any]) -> HttpResponse:
    form = ProofForm(request.POST)
    form.is_valid()  # an empty code is a wrong one
    said = "".join(request.POST["code"].replace("-", "").split())
    if time.time() - pending["at"] > _LASTS or pending["tries"] >= _MOST:
        del request.session[_PENDING]
        messages.error(request, _("This code no longer serves: ask for another one."))
        return redirect("web:wizard_account")
    if not compare_digest(said.encode(), pending["code"].replace("-", "").encode()):
        request.session[_PENDING] = {**pending, "tries": pending["tries"] + 1}
        form.add_error("code", _("This is not the code that we sent."))
        return _step(request, "proof", form, email=pending["given"]["email"])
    return _finish(request, form, pending["given"], proven=True)


def _finish(request: Request, form: Form, given: dict[str, Any], *, proven: bool) -> HttpResponse:
    form.cleaned_data = {}
    on = timezone.localdate()
    person = done(form, installation.administer, **given, proven=proven, on=on)
    if person is None:
        return _step(request, "account", form)
    for key in (_KEY, _CHECKED, _CHOSEN, _PENDING):
        request.session.pop(key, None)
    login(request, person, backend=_BACKEND)
    messages.success(request, _("Communs is ready. You are its first administrator."))
    return redirect("web:settings")


def _made(form: MetropolisForm) -> bool:
    """Load or make the metropolis that the form asks for; False with the reasons in the form."""
    if not form.is_valid():
        return False
    if form.cleaned_data.pop("start") == "reference":
        installation.load_reference()
        return True
    done(form, installation.found, on=timezone.localdate())
    return not form.errors


def _try_mail(request: Request, form: MailForm) -> None:
    text = _("This message shows that Communs can send messages.")
    message = EmailMessage("Communs", text, to=[form.cleaned_data["email"]])
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        form.add_error("email", _("The mail server refused: %(reason)s") % {"reason": error})
    else:
        messages.success(request, _("A message has left. Look whether it arrived."))


def _next(request: Request) -> str:
    """Give the first step that is not done."""
    if request.community is None:
        return reverse("web:wizard_metropolis")
    if not request.session.get(_CHECKED):
        return reverse("web:wizard_checks")
    if not request.session.get(_CHOSEN):
        return reverse("web:wizard_services")
    return reverse("web:wizard_account")


def _step(
    request: Request, name: str, form: Form, *, status: int = 200, **facts: Any
) -> HttpResponse:
    labels = {
        "start": _("Language and code"),
        "metropolis": _("Metropolis"),
        "checks": _("Mail and address"),
        "services": _("Services"),
        "account": _("First account"),
    }
    here = "account" if name == "proof" else name
    order = list(labels)
    steps = [
        {"label": words, "state": _state(order.index(key) - order.index(here))}
        for key, words in labels.items()
    ]
    if form.is_bound and form.errors and status == 200:  # noqa: PLR2004 -- a form refused
        status = 422
    context = {"form": form, "steps": steps, "step": name, "title": labels[here], **facts}
    return render(request, "web/wizard.html", context, status=status)


def _state(distance: int) -> str:
    return "current" if distance == 0 else "done" if distance < 0 else "next"
