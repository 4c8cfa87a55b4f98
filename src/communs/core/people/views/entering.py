"""Signing in, up and out."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.mixins import NextRedirectMixin, RedirectAuthenticatedUserMixin
from allauth.account.stages import LoginByCodeStage
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView

from communs.core.people import identities, oidc
from communs.core.people.codes import CodeByMail
from communs.core.people.forms import SignUpForm

A_MINUTE = 60  # seconds


class StartsAnew:
    """Coming back to a first page forgets what was begun with another address."""

    def _redirect_to_pending_stage(self, request: HttpRequest, _stage: Any) -> None:
        clear_login(request)


class SignIn(StartsAnew, account.LoginView):
    """An address and a code, or a password, or another's word for who one is."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        offered = identities.offered(self.request)
        return super().get_context_data(**context) | {"identities": offered}


@method_decorator(rate_limit(action="signup"), name="dispatch")
class SignUp(StartsAnew, RedirectAuthenticatedUserMixin, NextRedirectMixin, FormView):
    """A name and an address; the account is made when the code comes back."""

    form_class = SignUpForm
    template_name = "account/signup.html"

    def form_valid(self, form: Any) -> HttpResponse:
        email, name = form.cleaned_data["email"], form.cleaned_data["name"]
        CodeByMail.start(self.request, user=form.known, email=email, name=name)
        return redirect(self.passthrough_next_url(reverse("account_confirm_login_code")))


_AT_THE_CODE = login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")


@method_decorator(_AT_THE_CODE, name="dispatch")
class ConfirmSignIn(account.ConfirmLoginCodeView):
    """The code sent, for an account that exists or for one to be made."""

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001
        self._process = CodeByMail.resume(self.stage)
        if not self._process:
            return redirect("account_login")
        return FormView.dispatch(self, request, *args, **options)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        name = self._process.state.get("name")
        return super().get_context_data(**context) | {"signing_up": bool(name)}


class SignOut(account.LogoutView):
    """Ends the session, here and at the identity provider that vouched for it."""

    def post(self, *args: Any, **options: Any) -> HttpResponse:
        elsewhere = oidc.end_session_address(self.request)
        response = super().post(*args, **options)
        return redirect(elsewhere) if elsewhere else response


def ask_for_code(request: HttpRequest) -> HttpResponse:
    """The library's own page for codes: the sign-in page does it."""
    query = request.META.get("QUERY_STRING", "")
    return redirect(reverse("account_login") + (f"?{query}" if query else ""))


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many requests from one place, or for one account."""
    context = {
        "code": 429,
        "title": _("Too many attempts"),
        "message": _("Wait a minute, then try again. Nothing is lost."),
        "suggestions": [{"label": _("Home"), "href": reverse("web:home")}],
    }
    response = render(request, "web/error.html", context, status=429)
    response.headers["Retry-After"] = str(A_MINUTE)
    return response
