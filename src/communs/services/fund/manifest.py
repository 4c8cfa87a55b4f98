"""The fund: calls, grants, evidence, and the public register of what was funded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from communs.core.registry.service import Dataset, Format, MenuEntry, Service
from communs.services.fund.options import FundOptions


class Fund(Service):
    """The metropolis' fund for digital experiments."""

    name = "communs.services.fund"
    label = "fund"
    slug = "fonds"
    title = _("The fund")
    summary = _("What the metropolis funds, for whom, and what became of it.")
    icon = "euro"
    options = FundOptions
    events: ClassVar[Mapping[str, Any]] = {
        "fund.communique_imported": _("Communiqué imported"),
        "fund.fact_added": _("Known fact added"),
        "fund.fact_corrected": _("Known fact corrected"),
        "fund.fact_withdrawn": _("Known fact withdrawn"),
    }
    default_on: ClassVar[tuple[str, ...]] = ("metropolis",)
    permissions: ClassVar[Mapping[str, Any]] = {
        "fund.edit": _("Write what is known of an experiment")
    }
    menu: ClassVar[Sequence[MenuEntry]] = (MenuEntry(_("Register"), "fund:register"),)
    datasets: ClassVar[Sequence[Dataset]] = (
        Dataset(
            key="register",
            title=_("Register of grants"),
            description=_(
                "Every published grant of the fund: beneficiary, experiment, theme, challenge,"
                " date of award. An amount that was not published stays empty; it is never 0."
            ),
            licence="Licence Ouverte 2.0",
            schema="communs.services.fund.schemas:GrantOut",
            formats=(
                Format("CSV", "fund:register_csv", "text/csv"),
                Format("JSON", "fund:register_json", "application/json"),
                Format("GeoJSON", "fund:register_geojson", "application/geo+json", "RFC 7946"),
                Format("SCDL", "fund:register_scdl", "text/csv", "SCDL subventions 2.1"),
            ),
        ),
    )
