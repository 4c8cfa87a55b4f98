"""What is wrong in a template, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from communs.services.fund.engine.paying.templates import PLACEHOLDERS, Faulty


def fault_told(fault: Faulty) -> str:
    """Say what stands in the way of making agreements of a template."""
    known = {"what": fault.what, "names": ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)}
    sentences = {
        "no_instalment": _("Write at least one instalment."),
        "order": _("Write advances first, interim payments next, and one balance at the end."),
        "not_whole": _("The instalments make %(what)s %%: they must make 100 %%."),
        "no_clause": _("Write at least one clause."),
        "no_heading": _("Each clause has a heading and a text."),
        "unknown_placeholder": _("{%(what)s} stands for nothing here. One may write: %(names)s."),
        "open_brace": _("A brace is alone: write {name}, or leave braces out."),
        "kind": _("Say of each instalment whether it is an advance, an interim or the balance."),
        "percent": _("Write a percentage above 0 and at most 100, with at most two decimals."),
        "too_long": _("A condition has at most 300 characters."),
        "votes": _("Say for each kind of amendment whether it is voted, or above how much."),
    }
    return sentences[fault.code] % known
