"""The register of processing (article 30 of the GDPR), made from what the tables themselves say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communs.core.communities.models import Community
from communs.core.kit.formats import csv_file
from communs.core.kit.privacy import ACCOUNT, Basis, Fate
from communs.core.privacy.declarations import Declaration, declarations
from communs.core.registry.service import Running, Service

_YEAR = 365
_ENDS = ("until", "expires_at")  # columns of an end rather than of a beginning


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register, in the reader's words."""

    table: str
    service: str
    what: str
    purpose: str
    basis: str
    readers: str
    kept: str
    erasure: str


def entries(running: Mapping[str, Running]) -> list[Entry]:
    """Give the lines of a community: the house's, then those of its services that are on."""
    found = [one for one in declarations() if _is_here(one, running)]
    return [_entry(one) for one in sorted(found, key=lambda one: (_service_of(one), one.label))]


def as_csv(found: Iterable[Entry], community: Community) -> HttpResponse:
    """Give the lines as a CSV file, with the community that answers for them on each."""
    header = [
        _("controller"), _("service"), _("data"), _("purpose"), _("legal ground"),
        _("who reads it"), _("outside the European Union"), _("how long"),
        _("when an account is erased"), _("table"),
    ]  # fmt: skip
    lines = (
        (community.full_name, e.service, e.what, e.purpose, e.basis, e.readers,
         _("none"), e.kept, e.erasure, e.table)
        for e in found
    )  # fmt: skip
    return csv_file(f"registre-{community.slug}.csv", header, lines)


def kept_words(declaration: Declaration) -> str:
    """Say how long something is kept."""
    if declaration.keep_days is None:
        return _("as long as what it belongs to")
    if declaration.kept_from == ACCOUNT:
        return _("as long as the account, three years without use at most")
    time = duration(declaration.keep_days)
    ends = declaration.kept_from in _ENDS
    return _("%(time)s after its end") % {"time": time} if ends else time


def duration(days: int) -> str:
    """Say a number of days in the largest whole unit: « 3 ans », « 30 jours »."""
    if days >= _YEAR:
        years = round(days / 365.25)
        return ngettext("%(num)s year", "%(num)s years", years) % {"num": years}
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def basis_words(basis: Basis) -> str:
    """Say why the law allows it."""
    return {
        Basis.CONSENT: _("Consent (article 6.1.a of the GDPR)"),
        Basis.LEGAL_DUTY: _("Legal duty (article 6.1.c of the GDPR)"),
        Basis.PUBLIC_TASK: _("Task carried out in the public interest (article 6.1.e of the GDPR)"),
    }[basis]


def fate_words(fates: Iterable[Fate]) -> str:
    """Say what becomes of it when a person's account is erased."""
    said = {
        Fate.ERASE: _("erased with the account"),
        Fate.UNLINK: _("kept, without saying whose it is"),
        Fate.KEEP: _("kept under a key that leads to nobody"),
    }
    return ", ".join(said[fate] for fate in Fate if fate in set(fates)) or _(
        "not tied to an account"
    )


def _is_here(declaration: Declaration, running: Mapping[str, Running]) -> bool:
    service = running.get(declaration.model._meta.app_label)
    return service is None or service.on


def _service_of(declaration: Declaration) -> str:
    config = apps.get_app_config(declaration.model._meta.app_label)
    return str(config.title) if isinstance(config, Service) else ""


def _entry(declaration: Declaration) -> Entry:
    return Entry(
        table=declaration.label,
        service=_service_of(declaration) or _("The site itself"),
        what=str(declaration.what),
        purpose=str(declaration.purpose),
        basis=basis_words(declaration.basis),
        readers=str(declaration.readers),
        kept=kept_words(declaration),
        erasure=fate_words(declaration.whose.values()),
    )
