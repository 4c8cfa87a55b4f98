"""From what the queries give to what the fund's templates show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from communs.core.communities import queries as communities
from communs.core.communities.addresses import url_of, urls_of
from communs.core.communities.enums import Kind
from communs.core.communities.scope import current
from communs.core.kit.localised import money, number
from communs.core.web import atlas
from communs.services.fund import queries
from communs.services.fund.enums import Progress, Theme
from communs.services.fund.forms import RegisterForm
from communs.services.fund.models import Grant, Round

_TAGS = {Progress.ON: "on", Progress.AVAILABLE: "soon", Progress.NONE: "neutral"}
_ICONS = {
    Theme.DIGITAL_FOR_ALL: "home",
    Theme.E_ADMINISTRATION: "file",
    Theme.PARTICIPATION: "chat",
    Theme.LOGISTICS: "truck",
    Theme.SMART_PARKING: "parking",
}
_ON_A_CARD = 8


def rows(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Give a table's rows: the grant, its addresses, how far its service is; one query more."""
    found = list(grants)
    answers = queries.answers(found) if found else {}
    grant_at = urls_of(current(), "fund:grant")
    beneficiary_at = urls_of(current(), "fund:beneficiary")
    themes = {value: str(label) for value, label in Theme.choices}
    return [
        {
            "grant": grant,
            "href": grant_at(grant.reference),
            "beneficiary_href": beneficiary_at(grant.beneficiary.slug),
            "theme": themes.get(grant.theme or ""),
            "tag": _TAGS[answers[grant.pk].progress],
            "progress": answers[grant.pk].label,
        }
        for grant in found
    ]


def chips(request: HttpRequest, form: RegisterForm) -> list[dict[str, str]]:
    """Give the filters in force, each with the address that removes it."""
    found = []
    for name in form.fields:
        if request.GET.get(name) and name not in form.errors:
            rest = request.GET.copy()
            rest.pop(name)
            rest.pop("page", None)
            found.append({"label": _chosen(form, name), "href": f"?{rest.urlencode()}"})
    return found


def query_of(request: HttpRequest) -> str:
    """Give the filters in force as a query string, without the page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"?{kept.urlencode()}" if kept else ""


def base_of_pages(request: HttpRequest) -> str:
    """Give the beginning of the addresses of the other pages."""
    kept = query_of(request)
    return f"{kept}&page=" if kept else "?page="


def of_rounds(rounds: Iterable[Round]) -> dict[str, Any]:
    """Give rounds, each with its address, and the name of their fund."""
    at = urls_of(current(), "fund:round", sample=date(1000, 1, 1))
    found = list(rounds)
    return {
        "rounds": [{"round": award, "href": at(award.awarded_on)} for award in found],
        "fund_name": found[0].programme.name if found else _("The fund"),
    }


def of_grant(grant: Grant, answer: queries.Answer) -> dict[str, Any]:
    """Give what a grant's page shows besides the grant."""
    english = (get_language() or "fr").startswith("en")
    facts = [
        {
            "code": fact.code,
            "text": (fact.text_en if english else "") or fact.text_fr,
            "language": "en" if english and fact.text_en else "fr",
            "corrected_on": timezone.localdate(fact.corrected_at) if fact.corrected_at else None,
            "source": fact.source,
            "when": fact.when,
        }
        for fact in sorted(grant.facts.all(), key=lambda fact: (not fact.when, fact.when))
    ]
    on_here = answer.progress == Progress.ON
    return {
        "facts": facts,
        "tag_state": _TAGS[answer.progress],
        "commune_href": url_of(grant.beneficiary, "web:home"),
        "service_href": url_of(grant.beneficiary, "web:services") if on_here else "",
        "round_href": reverse("fund:round", args=[grant.awarded_on]),
        "beneficiary_href": reverse("fund:beneficiary", args=[grant.beneficiary.slug]),
    }


def of_round(award: Round) -> dict[str, Any]:
    """Give a round's dates, figures and committee."""
    steps = [
        (award.programme.created_on, _("The metropolitan council creates the fund")),
        (award.committee_on, _("The examination committee meets")),
        (award.awarded_on, _("%(body)s awards the grants") % {"body": award.body}),
    ]
    return {
        "dates": [{"date": day, "title": title, "state": "done"} for day, title in steps if day],
        "figures": figures(award),
        "committee": award.committee,
    }


def figures(award: Round) -> list[dict[str, Any]]:
    """Give the figures that the deciding body announced; what it did not say is unknown."""
    return [
        {"label": _("experiments"), "value": _number(award.project_count)},
        {
            "label": _("awarded in %(year)s") % {"year": award.awarded_on.year},
            "value": None if award.total is None else money(award.total),
        },
        {
            "label": _("join %(least)s public bodies or more")
            % {"least": award.pooled_minimum or "?"},
            "value": _number(award.pooled_count),
        },
    ]


def home() -> dict[str, Any] | None:
    """Give what the metropolis' home shows: the map, the last round's figures, the themes."""
    award = queries.latest_round()
    if award is None:
        return None
    grants = list(queries.grants(queries.Asked()).filter(round=award))
    return {
        **atlas.map_of(award.awarded_on, levels=levels(award.awarded_on)),
        "map_title": map_title(),
        "legend": legend(),
        "round": award,
        "figures": figures(award),
        "themes": _themes(grants),
        "grant_count": len(grants),
    }


def levels(day: date) -> dict[str, tuple[str, str]]:
    """Give, by slug, how a commune is drawn: its own experiments, or its territory's."""
    held = queries.by_beneficiary()
    found: dict[str, tuple[str, str]] = {}
    rows: Iterable[Any] = communities.communes_on(day)
    for row in rows:
        own, shared = held.get(row.slug, 0), held.get(row.territory_slug or "", 0)
        if own:
            found[row.slug] = ("two" if own > 1 else "one", experiments(own))
        elif shared:
            found[row.slug] = ("terr", _("in a territory with %(n)s") % {"n": experiments(shared)})
    return found


def legend() -> list[dict[str, str]]:
    """Give the map's key."""
    return [
        {"level": "two", "label": _("several experiments")},
        {"level": "one", "label": _("one")},
        {"level": "terr", "label": _("carried by the territory")},
    ]


def map_title() -> str:
    """Say in a sentence what the map shows."""
    held = queries.beneficiaries().values_list("kind", flat=True)
    kinds = list(held)
    sentence = _("Map: %(communes)s communes and %(territories)s territories carry experiments")
    return sentence % {
        "communes": kinds.count(Kind.COMMUNE),
        "territories": kinds.count(Kind.TERRITORY),
    }


def beneficiaries() -> list[dict[str, Any]]:
    """Give the map's list twin: every beneficiary, with its number of experiments."""
    held = queries.by_beneficiary()
    return [
        {
            "name": body.name,
            "kind": body.get_kind_display(),
            "href": reverse("fund:beneficiary", args=[body.slug]),
            "count": held[body.slug],
            "says": experiments(held[body.slug]),
        }
        for body in queries.beneficiaries()
    ]


def experiments(count: int) -> str:
    """Say how many experiments."""
    return ngettext("%(count)s experiment", "%(count)s experiments", count) % {
        "count": number(count)
    }


def _chosen(form: RegisterForm, name: str) -> str:
    value = form.cleaned_data.get(name)
    choices = getattr(form.fields[name].widget, "choices", ())
    found = {str(key): str(label).rpartition(" (")[0] for key, label in choices}
    return found.get(str(value)) or str(value)


def _number(value: int | None) -> str | None:
    return None if value is None else number(value)


def _themes(grants: Sequence[Grant]) -> list[dict[str, Any]]:
    found = []
    for theme in Theme:
        held = [grant for grant in grants if grant.theme == theme]
        if held:
            found.append(_theme_card(theme, held))
    return sorted(found, key=lambda card: -card["count"])


def _theme_card(theme: Theme, held: Sequence[Grant]) -> dict[str, Any]:
    more = len(held) > _ON_A_CARD
    count = len(held)
    label = ngettext("The %(count)s experiment", "The %(count)s experiments", count)
    return {
        "title": str(theme.label),
        "icon": _ICONS[theme],
        "count": count,
        "rows": [
            {
                "title": grant.title,
                "href": reverse("fund:grant", args=[grant.reference]),
                "place": grant.beneficiary.name,
            }
            for grant in held[:_ON_A_CARD]
        ],
        "more_href": f"{reverse('fund:register')}?theme={theme.value}" if more else "",
        "more_label": label % {"count": number(count)},
    }
