"""The dated receipt of a file: that it came in, and from when it is complete."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from communs.core.communities.scope import current
from communs.core.documents import Block, Document, Facts, Heading, Note, Paragraph, Table, pdf
from communs.core.kit.localised import day, moment, money
from communs.services.fund import queries
from communs.services.fund.models import Application
from communs.services.fund.queries.explaining import percentage


def receipt(application: Application) -> bytes:
    """Give the receipt as PDF, in the reader's language."""
    return pdf(document(application))


def document(application: Application) -> Document:
    """Say what came in, when, from whom; then, once it was found complete, since when it is."""
    blocks: list[Block] = [
        Paragraph(_opening(application), strong=True),
        Facts(_facts(application)),
        Heading(_("Partners")),
        _partners(application),
    ]
    if application.complete_at is not None:
        blocks += [Heading(_("Completeness")), *_complete(application)]
    return Document(
        title=_("Receipt of application %(number)s") % {"number": application.number},
        language=(get_language() or "fr")[:2],
        blocks=[*blocks, Note(_reach(application))],
        issuer=current().full_name,
        reference=application.number,
    )


def _opening(application: Application) -> str:
    sentence = _("This application was received on %(moment)s (Paris time).")
    return sentence % {"moment": moment(application.submitted_at or application.begun_at)}


def _facts(application: Application) -> list[tuple[str, str]]:
    asked = application.requested
    return [
        (pgettext("fund", "Number"), application.number),
        (_("Call"), application.call.title),
        (_("Programme"), application.call.programme.name),
        (_("Project"), application.title),
        (_("Asked for"), _("nothing") if asked is None else money(asked)),
        (_("Version of the plan"), queries.version_of(application)),
        (_("Version of the answers"), _revision(application)),
    ]


def _revision(application: Application) -> str:
    answers = application.answers
    return _("no longer kept") if answers is None else str(answers.revision)


def _partners(application: Application) -> Table:
    parts = queries.parts(application)
    rows = [
        [
            one.organisation.name,
            str(one.get_role_display()),
            "–" if one.share is None else percentage(one.share),
            "–" if amount is None else money(amount),
            moment(one.signed_at) if one.signed_at else "–",
        ]
        for one, amount in parts.items()
    ]
    head = [_("Partner"), _("What it does"), _("Share"), _("Part of the grant"), _("Signed on")]
    return Table(head, rows, figures=(2, 3))


def _complete(application: Application) -> list[Paragraph]:
    since = application.complete_at
    found = (
        [] if since is None else [_("It is complete since %(moment)s.") % {"moment": moment(since)}]
    )
    if application.early_start and application.early_start_on is not None:
        known = {"day": day(application.early_start_on), "why": application.early_start_reason}
        sentence = _("The project may start before the award, from %(day)s on: %(why)s")
        found.append(sentence % known)
    else:
        found.append(_("The project may not start before the award."))
    return [Paragraph(one) for one in found]


def _reach(application: Application) -> str:
    if application.complete_at is None:
        return _("This receipt says that the application came in, not that it is complete.")
    return _("That an application is complete does not say that it will be granted.")
