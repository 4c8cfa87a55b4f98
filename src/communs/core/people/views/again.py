"""Proving once more who one is by a code, for who has neither password nor second factor."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.mixins import NextRedirectMixin
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView

from communs.core.people.forms import ConfirmSignInForm

KEY = "again"


@method_decorator(login_required, name="dispatch")
class ReauthenticateByCode(NextRedirectMixin, FormView):
    """First asks for the code, then takes it; a code serves for three attempts and 15 minutes."""

    template_name = "people/again.html"

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        self.sent = request.session.get(KEY) or {}
        stale = time.time() - self.sent.get("at", 0) > app_settings.LOGIN_BY_CODE_TIMEOUT
        if stale or self.sent["tries"] >= app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS:
            self.sent = {}
        return super().dispatch(request, *args, **options)

    @property
    def is_sending(self) -> bool:
        return not self.sent or self.request.POST.get("action") == "send"

    def get_form_class(self) -> Any:
        return Form if self.is_sending else ConfirmSignInForm

    def get_form_kwargs(self) -> dict[str, Any]:
        expected = {} if self.is_sending else {"code": self.sent["code"]}
        return super().get_form_kwargs() | expected

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(**context) | {"sent": bool(self.sent)}

    def form_invalid(self, form: Any) -> HttpResponse:
        self.sent["tries"] += 1
        self.request.session[KEY] = self.sent
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        del form
        person: Any = self.request.user
        if self.is_sending:
            return self._send(person)
        del self.request.session[KEY]
        record_authentication(self.request, person, method="code", reauthenticated=True)
        return resume_request(self.request) or redirect(
            self.get_next_url() or reverse("people:account")
        )

    def _send(self, person: Any) -> HttpResponse:
        if limited := ratelimit.consume_or_429(
            self.request, action="request_login_code", key=person.email
        ):
            return limited
        code = get_adapter().generate_login_code()
        self.request.session[KEY] = {"code": code, "at": time.time(), "tries": 0}
        get_adapter().send_mail("account/email/login_code", person.email, {"code": code})
        return redirect(self.passthrough_next_url(reverse("people:again")))
