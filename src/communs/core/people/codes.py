"""A code by e-mail, to sign in or to sign up: nobody learns which addresses have an account."""

from __future__ import annotations

from typing import Any, Self

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest, HttpResponse

from communs.core.people import actions
from communs.core.people.models import Person


class CodeByMail(LoginCodeVerificationProcess):
    """The library's own, but the account of somebody new is made once the code is given back.

    An address that has an account and one that has none go the same way: the same page, the same
    cookies, the same work. With a name, somebody signs up; a known address then just signs in.
    """

    @classmethod
    def start(cls, request: HttpRequest, *, user: Any, email: str, name: str = "") -> Self:
        """Send a code to an address, if it has an account or if a name was given for one."""
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email))
        stage.state |= {"initiated_by_user": True, "name": name}
        process = cls(stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: Any) -> Any:
        return cls(stage).abort_if_invalid()

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        del skip_enumeration_mails
        code = self.generate_code()
        welcome = self.user is not None or bool(self.state["name"])
        if not welcome:
            self.state["code"] = ""
        name = "login_code" if welcome else "unknown_account"
        get_adapter().send_mail(f"account/email/{name}", email, {"code": code})

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            email = self.state["email"]
            known = Person.objects.filter(email=email).first()
            self._user = known or actions.sign_up(email=email, name=self.state["name"], by=None)
            self.stage.login.user = self._user
        return super().finish(redirect_url)
