"""From an application to what its pages show: stage, pages, partners, plan, what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.access.rules import may
from communs.core.files.addresses import url_of_file
from communs.core.forms import filling
from communs.core.forms.editor_words import change_lines
from communs.core.forms.models import Answers, Version
from communs.core.forms.rendering import Part, summary
from communs.core.forms.telling import left_lines, new_lines
from communs.core.forms.views import Addresses
from communs.core.kit.localised import money, number
from communs.services.fund import queries
from communs.services.fund.actions.moving import WRITTEN
from communs.services.fund.enums import Challenge, Stage
from communs.services.fund.models import Application, Grant, Partner, Seal, Standing, standing_of
from communs.services.fund.queries.explaining import Told, percentage, type_name
from communs.services.fund.rules import EXAMINE, LEAD, READ_AGREEMENT, SIGN, SIT, WRITE

TAGS = {
    Stage.DRAFT: "neutral",
    Stage.SUBMITTED: "soon",
    Stage.INCOMPLETE: "warn",
    Stage.COMPLETE: "on",
    Stage.INELIGIBLE: "alert",
    Stage.AWARDED: "on",
    Stage.REFUSED: "alert",
    Stage.WITHDRAWN: "off",
    Stage.CLOSED: "off",
}


def base_of(request: HttpRequest, application: Application, current: str) -> dict[str, Any]:
    """Give what every page of a file shows: its stage, its pages, what its reader may."""
    user: Any = request.user
    standing = standing_of(user, on=timezone.localdate())
    stage = queries.stage_shown(application, inside=standing.reads_files)
    writes = may(user, WRITE, application)
    open_to_write = application.stage in WRITTEN
    return {
        "file": application,
        "stage": stage.label,
        "stage_tag": TAGS.get(stage, "soon"),
        "inside": standing.reads_files,
        "examines": may(user, EXAMINE),
        "may_write": writes and open_to_write,
        "may_lead": open_to_write and may(user, LEAD, application),
        "may_withdraw": may(user, LEAD, application),
        "may_sign": open_to_write and may(user, SIGN, application),
        "file_pages": _pages(request, application, current),
        "messages": messages.get_messages(request),
    }


def lead_of_list(standing: Standing) -> str:
    """Say what the list of files is to its reader."""
    if standing.reads_files:
        return _("Everything that was sent, and where it stands.")
    own = _("Those that your organisations write or wrote.")
    others = _of_others(standing)
    return " ".join(filter(None, (others, own if standing.writes or not others else "")))


def _of_others(standing: Standing) -> str:
    if standing.sits:
        return _(
            "Files found eligible, which the committee and the Bureau judge or have decided, but"
            " for those that concern you."
        )
    if standing.pays:
        return _("Files that were awarded a grant, to be paid.")
    return _("Files that were given to you to examine.") if standing.reviews else ""


def row(application: Application, *, inside: bool) -> dict[str, Any]:
    """Give what a list shows of a file."""
    stage = queries.stage_shown(application, inside=inside)
    names = [one.organisation.name for one in application.partners.all()]
    return {
        "file": application,
        "href": reverse("fund:file", args=[application.number]),
        "stage": stage.label,
        "tag": TAGS.get(stage, "soon"),
        "lead": names[0] if names else "",
        "others": len(names) - 1,
        "others_names": ", ".join(names[1:]),
        "requested": None if application.requested is None else money(application.requested),
        "instructor": application.instructor.name if application.instructor else "",
        **(_opinions(application) if inside else {}),
    }


def _opinions(application: Application) -> dict[str, str]:
    """Give the score of a file, and how many of its opinions are there."""
    known = {"sent": number(application.opinions_sent), "asked": number(application.opinions_asked)}
    asked = application.opinions_asked > 0
    score = application.score
    return {
        "score": "" if score is None else _("%(score)s out of 100") % {"score": number(score)},
        "opinions": _("%(sent)s of %(asked)s opinions") % known if asked else _("no opinion asked"),
    }


def of_file(application: Application, at: datetime, *, inside: bool) -> dict[str, Any]:
    """Give what a file's first page shows besides what every page does."""
    writable = application.stage in WRITTEN
    found, grant = queries.assessed(application), queries.granted(application)
    return {
        "steps": steps(application, inside=inside),
        "partners": partners(application, grant),
        "obstacles": with_addresses(application, at) if writable else [],
        "missing": missing(application),
        "challenges": [str(Challenge(one).label) for one in application.challenges],
        "totals": totals(found) if found else [],
        "granted": awarded(grant) if grant else None,
        "closes": application.call.closes_at if application.stage == Stage.DRAFT else None,
    }


def steps(application: Application, *, inside: bool) -> list[dict[str, Any]]:
    """Give the dated steps; of what the committee proposes, outsiders are told nothing."""
    secret = set() if inside else set(Stage.secret())
    found = []
    for step in application.steps.all():
        if step.after in secret or (step.before in secret and step.after == Stage.IN_COMMITTEE):
            continue
        title = str(Stage(step.after).label)
        found.append({"date": step.at, "title": title, "text": step.reason, "state": "done"})
    return found


def awarded(grant: Grant) -> dict[str, str]:
    """Give what a sealed act awards, and that act, which anybody may read."""
    act = cast(Seal, grant.seal).deliberation
    sentence = _("Deliberation no. %(number)s") % {"number": act.number}
    return {
        "amount": "" if grant.amount is None else money(grant.amount),
        "act": sentence,
        "href": reverse("fund:act", args=[act.pk]),
    }


def partners(application: Application, grant: Grant | None) -> list[dict[str, Any]]:
    """Give the partners with their part of the grant or of the request, and their agreement."""
    parts = queries.parts(application, grant)
    return [
        {
            "partner": one,
            "name": one.organisation.name,
            "role": one.get_role_display(),
            "share": None if one.share is None else percentage(one.share),
            "amount": None if amount is None else money(amount),
            "signed": one.signed_at,
            "state": _signed(one),
            "tag": "on" if one.signed_at else "soon",
            "mandate": one.mandate,
            "mandate_href": url_of_file(one.mandate) if one.mandate else "",
        }
        for one, amount in parts.items()
    ]


def missing(application: Application) -> list[dict[str, Any]]:
    """Give what was asked for, with what was answered."""
    return [
        {
            "row": one,
            "href": url_of_file(one.file) if one.file else "",
            "is_open": one.answered_at is None and one.accepted_at is None,
            "may_answer": one.accepted_at is None and application.stage == Stage.INCOMPLETE,
            "state": _asked(one),
            "tag": "on" if one.accepted_at else "soon" if one.answered_at else "warn",
        }
        for one in application.missing.all()
    ]


def answered(application: Application) -> list[Part]:
    """Give what was answered to the form; nothing once it is no longer kept."""
    return [] if application.answers is None else summary(application.answers)


def moved(answers: Answers, version: Version) -> dict[str, Any]:
    """Give what another version of the form would change in answers, in sentences."""
    found = filling.moved_to(answers, version)
    return {
        "version": version,
        "changes": change_lines(answers.version.read(), version.read()),
        "left": left_lines(found),
        "new": new_lines(found),
    }


def form_addresses(application: Application) -> Addresses:
    """Give where the pages of a file's form are; the plan follows as long as it is empty."""
    number = application.number
    last = "fund:plan" if _has_no_plan(application) else "fund:send"
    return Addresses(
        page=lambda page: reverse("fund:fill", args=[number, page]),
        after=reverse(last, args=[number]),
        newer=reverse("fund:newer_form", args=[number]),
    )


def around_form(request: HttpRequest, application: Application) -> dict[str, Any]:
    """Give what a page of a file's form shows around it: the way to it, the file's pages."""
    fund, files = reverse("fund:index"), reverse("fund:files")
    return {
        "title": application.title,
        "trail": [
            {"label": _("The fund"), "href": fund},
            {"label": _("Applications"), "href": files},
            {"label": application.title, "href": reverse("fund:file", args=[application.number])},
        ],
        "beside": _pages(request, application, "form"),
        "beside_label": _("Pages of the file"),
        "after_label": _("Go on to the financing plan") if _has_no_plan(application) else "",
    }


def _has_no_plan(application: Application) -> bool:
    wanted = application.call.rules is not None
    return wanted and not application.expenses.all() and application.requested is None


def with_addresses(application: Application, at: datetime) -> list[dict[str, str]]:
    """Give what stands in the way of sending, each with the page that mends it."""
    return [
        {"sentence": one.sentence, "href": address_of(application, one)}
        for one in queries.obstacles(application, at=at)
    ]


def address_of(application: Application, obstacle: queries.Obstacle) -> str:
    """Give the page that mends what stands in the way."""
    if obstacle.step == "form":
        return reverse("fund:fill", args=[application.number, obstacle.page])
    names = {
        "project": "fund:project",
        "plan": "fund:plan",
        "partners": "fund:partners",
        "signature": "fund:signatures",
    }
    return reverse(names.get(obstacle.step, "fund:file"), args=[application.number])


def totals(found: queries.Assessed) -> list[dict[str, Any]]:
    """Give what a plan adds up to; without a cost, or with one that cannot be read, not known."""
    added, costs = found.totals, found.plan.costs
    has_costs = bool(costs) and not added.unknown
    counts = has_costs and (not found.terms.expense_types or all(one.type for one in costs))
    highest = added.highest if counts else None
    return [
        {"label": _("Cost of the project"), "value": money(added.cost) if has_costs else None},
        {"label": _("Costs that count"), "value": money(added.eligible) if counts else None},
        {"label": _("At most"), "value": None if highest is None else money(highest)},
        {
            "label": _("Asked for"),
            "value": None if found.plan.requested is None else money(found.plan.requested),
        },
    ]


def told(lines: list[Told]) -> list[dict[str, str]]:
    """Give each rule in words with a word and a sign: kept, broken, not known yet."""
    words = {
        True: (_("kept"), "on"),
        False: (_("broken"), "alert"),
        None: (_("unknown"), "neutral"),
    }
    return [
        {"sentence": one.sentence, "word": words[one.ok][0], "tag": words[one.ok][1]}
        for one in lines
    ]


def lines_of_plan(application: Application) -> dict[str, Any]:
    """Give the plan as it is read: costs and resources, line by line."""
    rules = queries.terms_of(application.call)
    return {
        "costs": [
            {
                "label": one.label,
                "type": type_name(rules, one.type) if rules else one.type,
                "before_tax": None if one.before_tax is None else money(one.before_tax),
                "with_tax": None if one.with_tax is None else money(one.with_tax),
            }
            for one in application.expenses.all()
        ],
        "pays": [
            {
                "label": one.label,
                "funder": one.get_funder_display(),
                "amount": money(one.amount),
                "secured": _("yes") if one.secured else _("not yet"),
            }
            for one in application.resources.all()
        ],
    }


def _pages(request: HttpRequest, application: Application, current: str) -> list[dict[str, Any]]:
    """Give the pages of a file, as tabs; the plan where the call has rules for one."""
    user: Any = request.user
    names = [("file", _("Application")), ("form", _("Form"))]
    if application.call.rules is not None:
        names.append(("plan", _("Financing plan")))
    names += [("partners", _("Partners")), ("signatures", _("Signatures"))]
    names += _later_pages(user, application, current)
    return [
        {
            "label": label,
            "href": reverse(f"fund:{name}", args=[application.number]),
            "current": name == current,
        }
        for name, label in names
    ]


def _later_pages(user: Any, application: Application, current: str) -> list[tuple[str, str]]:
    """Give the pages that a file has from its sending on, by its reader."""
    wanted = {
        "send": (_("Sending"), application.stage in WRITTEN),
        "examine": (_("Instruction"), application.submitted_at and may(user, EXAMINE)),
        "review": (_("Opinions"), current == "review" or _reads_opinions(user, application)),
        "agreement": (
            _("Agreement"),
            application.stage == Stage.AWARDED and may(user, READ_AGREEMENT, application),
        ),
    }
    return [(name, label) for name, (label, shown) in wanted.items() if shown]


def _reads_opinions(user: Any, application: Application) -> bool:
    judged = application.stage in Stage.after_eligible()
    return judged and (may(user, EXAMINE) or may(user, SIT))


def _signed(partner: Partner) -> str:
    return _("signed") if partner.signed_at else _("not signed yet")


def _asked(one: Any) -> str:
    if one.accepted_at:
        return _("settled")
    return _("answered") if one.answered_at else _("missing")
