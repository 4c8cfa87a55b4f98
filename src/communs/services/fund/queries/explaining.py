"""What the financing engine finds, said in words: each rule with its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from communs.core.kit.localised import money, number, to_type
from communs.services.fund.engine.financing.amounts import MOST, Unfit
from communs.services.fund.engine.financing.explain import Finding
from communs.services.fund.engine.financing.terms import Fault, Terms


@dataclass(frozen=True, slots=True)
class Told:
    """A rule in words; `ok` None where it cannot be told yet."""

    code: str
    ok: bool | None
    sentence: str


def told(finding: Finding, terms: Terms) -> Told:
    """Say what a rule finds, as one line that a clerk can check by hand."""
    return Told(finding.code, finding.ok, _SAID[finding.code](finding.values, terms))


def base_name(base: str) -> str:
    """Give the base of the rules in words."""
    return _("before tax") if base == "before_tax" else _("with tax")


def percentage(value: Decimal | None) -> str:
    """Give a percentage, or that it is not known."""
    return _("unknown") if value is None else _("%(value)s %%") % {"value": number(value)}


def amount_refused(fault: Unfit) -> str:
    """Say why what was typed is no amount."""
    sentences = {
        "negative": _("Write an amount above 0 €, without a minus sign."),
        "nothing": _("Write an amount above 0 €, or leave it empty if it is not known."),
        "too_fine": _("Write at most two decimals: there is nothing smaller than a cent."),
        "too_large": _("This amount is too large: at most %(most)s.") % {"most": money(MOST)},
        "doubtful": _("Are these thousands or cents? Write thousands as in %(example)s.")
        % {"example": to_type(Decimal(20000))},
        "not_a_number": _("Write an amount in euros, such as %(example)s.")
        % {"example": to_type(Decimal("1250.50"), decimals=2)},
    }
    return sentences[fault.code]


def fault_told(fault: Fault) -> str:
    """Say what is wrong in rules."""
    sentences = {
        "not_rules": _("These are no rules."),
        "unknown_rule": _("There is no rule named “%(name)s”."),
        "base": _("Say whether amounts are before tax or with tax."),
        "no_rate": _("Write the highest rate: above 0 %% and at most 100 %%."),
        "percentage": _("Write a percentage from 0 to 100, with at most two decimals."),
        "not_a_list": _("A list is expected here."),
        "ceilings_order": _("Write ceilings from the fewest partners to the most, each once."),
        "ceiling_falls": _("A ceiling does not fall when there are more partners."),
        "partners": _("Write a number of partners from 1 to %(most)s."),
        "type_twice": _("“%(name)s” is there twice."),
        "type_code": _("Each kind of expense has a name."),
        "type_label": _("Write what this kind of expense is called, in French."),
        "nothing_eligible": _("At least one kind of expense must count."),
        "roles": _("Choose which partners count when a ceiling is looked up."),
        "yes_or_no": _("Say yes or no."),
    }
    if fault.code.startswith("amount_"):
        return amount_refused(Unfit(fault.code.removeprefix("amount_")))
    return sentences[fault.code] % dict(fault.values)


def type_name(terms: Terms, code: str) -> str:
    """Give what a kind of expense is called in the reader's language."""
    kind = terms.type_of(code)
    return code if kind is None else kind.label((get_language() or "fr")[:2])


def partners_told(count: int) -> str:
    """Say how many partners."""
    said = ngettext("%(count)s partner", "%(count)s partners", count)
    return said % {"count": number(count)}


Values = Mapping[str, Any]


def _cost_unknown(values: Values, terms: Terms) -> str:
    sentence = _("Line %(line)s of the costs (%(label)s) has no amount %(base)s.")
    label = values["label"] or "–"
    return sentence % {"line": values["line"], "label": label, "base": base_name(terms.base)}


def _type_not_counted(values: Values, terms: Terms) -> str:
    sentence = _("%(type)s: %(cost)s, which the rules do not count.")
    return sentence % {"type": type_name(terms, values["type"]), "cost": money(values["cost"])}


def _type_bounded(values: Values, terms: Terms) -> str:
    sentence = _("%(type)s: %(cost)s, counted up to %(ceiling)s.")
    return sentence % {
        "type": type_name(terms, values["type"]),
        "cost": money(values["cost"]),
        "ceiling": money(values["ceiling"]),
    }


def _rate(values: Values, terms: Terms) -> str:
    if not values["eligible"]:
        sentence = _(
            "Asked: %(requested)s; write the costs that count first: at most %(most)s of them,"
            " %(base)s, may be asked."
        )
        known = {"most": percentage(values["most"]), "base": base_name(terms.base)}
        return sentence % (known | {"requested": money(values["requested"])})
    sentence = _(
        "Asked: %(requested)s, that is %(asked)s of %(eligible)s %(base)s; at most %(most)s, that"
        " is %(highest)s."
    )
    return sentence % {
        "requested": money(values["requested"]),
        "asked": percentage(values["asked"]),
        "eligible": money(values["eligible"]),
        "base": base_name(terms.base),
        "most": percentage(values["most"]),
        "highest": money(values["highest"]),
    }


def _nothing_asked(values: Values, terms: Terms) -> str:
    if not values["eligible"]:
        sentence = _(
            "Write the costs that count first, then how much is asked: at most %(most)s of them,"
            " %(base)s."
        )
        return sentence % {"most": percentage(values["most"]), "base": base_name(terms.base)}
    sentence = _(
        "Write how much is asked: at most %(most)s of %(eligible)s %(base)s, that is %(highest)s."
    )
    return sentence % {
        "most": percentage(values["most"]),
        "eligible": money(values["eligible"]),
        "base": base_name(terms.base),
        "highest": money(values["highest"]),
    }


def _ceiling(values: Values, _terms: Terms) -> str:
    known = {"ceiling": money(values["ceiling"]), "partners": partners_told(values["partners"])}
    if values["requested"] is None:
        return _("Ceiling with %(partners)s: %(ceiling)s.") % known
    known["requested"] = money(values["requested"])
    return _("Ceiling with %(partners)s: %(ceiling)s; asked: %(requested)s.") % known


def _owner_share(values: Values, _terms: Terms) -> str:
    if not values["cost"]:
        sentence = _(
            "Own funds of the partners: at least %(least)s of the cost; write what the project"
            " costs first."
        )
        return sentence % {"least": percentage(values["least"])}
    sentence = _(
        "Own funds of the partners: %(own)s, that is %(share)s of %(cost)s; at least %(least)s,"
        " that is %(least_amount)s."
    )
    return sentence % {
        "own": money(values["own"]),
        "share": percentage(values["share"]),
        "cost": money(values["cost"]),
        "least": percentage(values["least"]),
        "least_amount": money(values["least_amount"]),
    }


def _balance(values: Values, _terms: Terms) -> str:
    if not values["cost"]:
        return _("What pays must be what it costs: write what the project costs first.")
    lacking: Decimal = values["lacking"]
    known = {"paid": money(values["paid"]), "cost": money(values["cost"])}
    if not lacking:
        return _("What pays, %(paid)s, is what it costs, %(cost)s.") % known
    known["lacking"] = money(abs(lacking))
    if lacking > 0:
        return _("What pays, %(paid)s, is %(lacking)s less than what it costs, %(cost)s.") % known
    return _("What pays, %(paid)s, is %(lacking)s more than what it costs, %(cost)s.") % known


_SAID: Mapping[str, Callable[[Values, Terms], str]] = {
    "no_costs": lambda _values, _terms: _("Write what the project costs, line by line."),
    "cost_unknown": _cost_unknown,
    "type_unknown": lambda values, _terms: _("The rules know no expense “%(type)s”.") % values,
    "type_not_counted": _type_not_counted,
    "type_bounded": _type_bounded,
    "nothing_eligible": lambda _values, _terms: _("None of these costs counts under the rules."),
    "nothing_asked": _nothing_asked,
    "rate": _rate,
    "ceiling": _ceiling,
    "owner_share": _owner_share,
    "balance": _balance,
}
