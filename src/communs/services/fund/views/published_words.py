"""What the columns of published files are, in words, for whoever reads why one is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, Any] = {
    "idAttribuant": _("SIRET of the metropolis"),
    "idServiceInstructeur": _("SIRET of the metropolis"),
    "dateConvention": _("day on which the agreement was signed"),
    "idBeneficiaire": _("SIRET of the beneficiary"),
    "objet": _("what the grant is for"),
    "montant": _("amount of the grant"),
    "nature": _("in cash or in kind: the signed agreement says it"),
    "conditionsVersement": _("how it is paid: the signed agreement says it"),
    "descriptionConditionsVersement": _("how it is paid, in words"),
    "datesPeriodeVersement": _("when it is paid: the signed agreement says it"),
    "notificationUE": _("whether the European Union was told: the signed agreement says it"),
    "pourcentageSubvention": _("part of a beneficiary: the schema takes none under 1 %"),
    "amountAwarded": _("amount of the grant"),
    "id": _("SIREN of the metropolis"),
    "recipientOrganization": _("SIREN of the beneficiary"),
    "fundingOrganization": _("SIREN of the metropolis"),
    "porteur_siren": _("SIREN of the metropolis"),
    "porteurs": _("SIREN of the metropolis"),
}


def meanings(names: Iterable[str]) -> list[dict[str, Any]]:
    """Give columns with what they are; one that says it by its name has no words."""
    return [{"label": name, "value": _WORDS[name]} for name in names if name in _WORDS]
