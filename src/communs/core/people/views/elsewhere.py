"""To an identity provider and back, keeping the community and the language one came from."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.internal import statekit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, set_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people import identities, oidc
from communs.core.people.identities import Issuer
from communs.core.people.oidc import Challenge, Unproven

log = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Any, key: str) -> HttpResponse:
    """Go to the provider; a form only, so that no link of another site sends people there."""
    issuer = _issuer(key)
    if request.method != "POST":
        return render(request, "socialaccount/login.html", {"issuer": issuer})
    challenge = Challenge.fresh()
    try:
        address = oidc.address_to_ask(issuer, challenge, come_back=_return_address(request, key))
    except Unproven as problem:
        return _refuse(request, problem)
    statekit.stash_state(
        request, provider_id=key, state=_begun(request, challenge), state_id=challenge.state
    )
    return redirect(address)


@require_safe
def come_back(request: Any, key: str) -> HttpResponse:
    """Take the provider's answer, check it, and sign in where the journey began."""
    issuer = _issuer(key)
    try:
        begun = _taken_up(request, key)
    except Unproven as problem:
        return _refuse(request, problem)
    with within(_as_begun(request, begun)):
        try:
            proof = _proof(request, issuer, begun)
        except Unproven as problem:
            return _refuse(request, problem)
        return _enter(request, issuer, proof, begun)


def _enter(request: Any, issuer: Issuer, proof: oidc.Proof, begun: dict[str, Any]) -> HttpResponse:
    provider = get_adapter().get_provider(request, provider=issuer.key)
    login = provider.sociallogin_from_response(request, proof.claims)
    login.state = {"process": begun["process"], "next": begun["next"]}
    response = complete_social_login(request, login)
    if begun["process"] == "login":
        held = {"key": issuer.key, "id_token": proof.id_token}
        request.session[identities.SESSION_KEY] = held
    return response


def _proof(request: HttpRequest, issuer: Issuer, begun: dict[str, Any]) -> oidc.Proof:
    if "error" in request.GET or "code" not in request.GET:
        reason = request.GET.get("error", "no code")[:80]
        raise Unproven(_("You were not signed in: the identity provider was left."), reason)
    return oidc.prove(
        issuer,
        request.GET["code"],
        nonce=begun["nonce"],
        verifier=begun["verifier"],
        come_back=_return_address(request, issuer.key),
    )


def _begun(request: Any, challenge: Challenge) -> dict[str, Any]:
    """What must be remembered until the reader is back: this page has one address for everybody."""
    asked = request.POST.get("next", "")
    connecting = request.POST.get("process") == "connect" and request.user.is_authenticated
    fallback = reverse("socialaccount_connections") if connecting else reverse("web:home")
    return {
        "nonce": challenge.nonce,
        "verifier": challenge.verifier,
        "process": "connect" if connecting else "login",
        "next": asked if account_adapter().is_safe_url(asked) else fallback,
        "prefix": request.script_prefix,
        "language": translation.get_language(),
        "community": str(request.community.pk),
    }


def _taken_up(request: HttpRequest, key: str) -> dict[str, Any]:
    state = request.GET.get("state", "")
    try:
        found = statekit.unstash_state(request, state_id=state, provider_id=key, raises=True)
    except PermissionDenied as error:
        sentence = _("This sign-in is too old, or was already used. Begin again.")
        raise Unproven(sentence, "unknown state") from error
    return found or {}


def _as_begun(request: Any, begun: dict[str, Any]) -> Community:
    set_script_prefix(begun["prefix"])
    request.script_prefix = begun["prefix"]
    translation.activate(begun["language"])
    request.community = Community.objects.get(pk=begun["community"])
    return request.community


def _return_address(request: HttpRequest, key: str) -> str:
    """Give the one address that the provider knows, whatever the community and the language."""
    return request.build_absolute_uri(f"/compte/identites/{key}/retour/")


def _refuse(request: HttpRequest, problem: Unproven) -> HttpResponse:
    log.warning("sign-in by an identity provider refused: %s", problem)
    messages.error(request, str(problem.sentence))
    return redirect("account_login")


def _issuer(key: str) -> Issuer:
    found = identities.named(key)
    if found is None:
        raise Http404(key)
    return found
