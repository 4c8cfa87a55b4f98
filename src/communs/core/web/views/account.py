"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView

from communs.core.registry.request import Request
from communs.core.web import catalogue
from communs.core.web.forms import SignInForm


class SignIn(LoginView):
    """E-mail address and password; the demonstration shows its accounts."""

    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = False
    request: Request

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        shown = catalogue.demo_accounts(self.request)
        return super().get_context_data(**context) | {"demo_accounts": shown}

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class SignOut(LogoutView):
    """Ends the session, by a form only: a link could be followed by a machine."""

    next_page = "web:home"
