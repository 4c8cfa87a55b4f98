"""Writes: a configuration is packed, published, received, installed, rolled back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.bundles import queries
from communs.core.bundles.content import here, kept, shared
from communs.core.bundles.documents import Document, opened, write
from communs.core.bundles.engine.canonical import canonical
from communs.core.bundles.engine.merging import Outcome
from communs.core.bundles.enums import InstallationState, Licence
from communs.core.bundles.installing import STAYING, Plan, carry_out
from communs.core.bundles.models import Bundle, Installation
from communs.core.bundles.signing import Trust
from communs.core.communities.scope import current
from communs.core.journal.actions import action, nothing_done, record
from communs.core.kit.errors import Refused
from communs.core.kit.text import clean_line
from communs.core.registry.actions import drop_activation
from communs.core.registry.models import Activation
from communs.core.registry.service import Service


@action("bundles.packed")
def pack(*, service: Service, licence: str, notes: str, at: datetime, by: Any) -> Bundle:
    """Make a signed version of how a service is set here; the same as the last is not made twice.

    Raises Refused where a text that would travel looks like personal data.
    """
    if licence not in Licence.values:
        raise Refused(_("Choose a licence."), field="licence")
    last = Bundle.objects.filter(service=service.key).first()
    day = timezone.localtime(at).date()
    document = write(
        service=service,
        version=last.version + 1 if last else 1,
        source={"community": current().full_name, "slug": current().slug},
        licence=licence,
        notes="\n".join(clean_line(line) for line in notes.strip().splitlines()),
        lineage=queries.lineage_here(service),
        content=shared(service, on=day),
        at=at,
    )
    if last and _same(json.loads(last.document), document):
        nothing_done()
        return last
    checked = opened(canonical(document))
    bundle = Bundle(
        service=service.key,
        version=checked.shape.version,
        title=checked.shape.title,
        licence=licence,
        notes=checked.shape.notes,
        document=checked.text,
        digest=checked.shape.digest,
        at=at,
        by=getattr(by, "pk", None),
    )
    _save_once(bundle, _("Another version was made at the same time."))
    record(bundle, service=service.key, version=bundle.version, digest=bundle.digest)
    return bundle


@action("bundles.published")
def publish(*, bundle: Bundle, by: Any) -> Bundle:
    """Show a version in the catalogue of this site."""
    return _show(bundle, published=True)


@action("bundles.withdrawn")
def withdraw(*, bundle: Bundle, by: Any) -> Bundle:
    """Show a version in the catalogue no more; who installed it keeps it."""
    return _show(bundle, published=False)


@action("bundles.received")
def receive(*, document: Document, at: datetime, by: Any) -> Installation:
    """Keep a document to be looked at; one waits a service, the later one takes its place."""
    Installation.objects.filter(
        service=document.service.key, state=InstallationState.RECEIVED
    ).delete()
    row = _row(document, InstallationState.RECEIVED, at, by)
    row.save()
    record(row, service=row.service, digest=row.digest)
    return row


@action("bundles.set_aside")
def set_aside(*, received: Installation, by: Any) -> None:
    """Forget a document that was received, and that nobody installed."""
    if received.state != InstallationState.RECEIVED:
        raise Refused(_("This configuration was installed: roll it back instead."))
    record(received, service=received.service, digest=received.digest)
    received.delete()


@action("bundles.tried")
def note_trial(*, document: Document, refusal: str = "", by: Any) -> None:
    """Note that a document was tried here without effect, and whether it could be installed."""
    shape = document.shape
    own = {"slug": shape.source.slug, "key": shape.source.key}
    lineage = [
        one.model_dump(include={"slug", "key", "version", "digest"}) for one in shape.lineage
    ]
    record(
        f"bundles.document:{shape.digest}",
        service=document.service.key,
        accepted=not refusal,
        links=[*lineage, {**own, "version": shape.version, "digest": shape.digest}],
    )


@action("bundles.installed")
def install(
    *,
    document: Document,
    take: Collection[str] = (),
    accept_unknown: bool = False,
    switch_on: bool = False,
    at: datetime,
    by: Any,
) -> Installation:
    """Set a service as a document says, for the first time or again; own changes are kept.

    `take` names the conflicts in which the document wins. The digest in force installed again
    changes nothing. Raises Refused for an unknown signer unless `accept_unknown`.
    """
    if document.signer.trust is Trust.UNKNOWN and not accept_unknown:
        words = _(
            "This configuration is signed by an installation that is not known here: say that you"
            " trust where it comes from."
        )
        raise Refused(words, field="accept_unknown")
    in_force = queries.in_force(document.service)
    if in_force and in_force.digest == document.shape.digest:
        nothing_done()
        return in_force
    day = timezone.localtime(at).date()
    what = queries.plan_of(document, take=take, on=day)
    activation = Activation.objects.filter(service=document.service.key).first()
    before, after = carry_out(
        what,
        switched_on=what.here.running.on or switch_on,
        from_bundle=f"{document.shape.source.community}, {document.shape.version}",
        on=day,
    )
    Installation.objects.filter(
        service=document.service.key, state=InstallationState.RECEIVED, digest=document.shape.digest
    ).delete()
    Installation.objects.filter(pk=in_force.pk if in_force else None).update(
        state=InstallationState.REPLACED
    )
    row = _row(document, InstallationState.IN_FORCE, at, by)
    row.before = kept(before) | {"activation": _stood(activation), "ran": what.here.running.on}
    row.after = kept(after) | {"on": what.here.running.on or switch_on}
    row.choices = sorted(c.ref for c in what.changes if c.taken)
    _save_once(row, _("Another configuration was installed at the same time."))
    record(row, source=row.source, **_told(row, what))
    return row


@action("bundles.rolled_back")
def roll_back(*, installation: Installation, at: datetime, by: Any) -> Installation:
    """Put back what an installation changed; what was changed since by hand is kept.

    The configuration that it had replaced is in force again.
    """
    if installation.state != InstallationState.IN_FORCE:
        raise Refused(_("Only the configuration in force can be rolled back."))
    day = timezone.localtime(at).date()
    what = queries.way_back(installation, on=day)
    stood, earlier = installation.before["activation"], queries.replaced_by(installation)
    on = queries.runs_after_way_back(installation, what)
    carry_out(what, switched_on=on, from_bundle=stood["from_bundle"] if stood else "", on=day)
    if stood is None and not what.among(*STAYING):
        _let_go(what.service, day)
    installation.state = InstallationState.ROLLED_BACK
    installation.save(update_fields=["state"])
    if earlier:
        earlier.state = InstallationState.IN_FORCE
        earlier.save(update_fields=["state"])
    record(installation, **_told(installation, what))
    return installation


def _let_go(service: Service, day: date) -> None:
    """Leave a service to itself again, if all runs without a word of one's own as it does with."""
    row = Activation.objects.get(service=service.key)
    drop_activation(service=service)
    usual = here(service, on=day).running
    same = (usual.on, usual.options) == (row.on, service.options.model_validate(row.options))
    if row.covers_children or not same:
        row.save(force_insert=True)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one.get(name) == other[name] for name in ("licence", "notes", "options", "data"))


def _show(bundle: Bundle, *, published: bool) -> Bundle:
    if bundle.published == published:
        nothing_done()
        return bundle
    bundle.published = published
    bundle.save(update_fields=["published"])
    record(bundle, service=bundle.service, version=bundle.version, digest=bundle.digest)
    return bundle


def _row(document: Document, state: InstallationState, at: datetime, by: Any) -> Installation:
    shape = document.shape
    return Installation(
        service=document.service.key,
        version=shape.version,
        title=shape.title,
        source=shape.source.community,
        source_slug=shape.source.slug,
        source_key=shape.source.key,
        document=document.text,
        digest=shape.digest,
        state=state,
        at=at,
        by=getattr(by, "pk", None),
    )


def _stood(activation: Activation | None) -> dict[str, Any] | None:
    if activation is None:
        return None
    return {"on": activation.on, "from_bundle": activation.from_bundle}


def _save_once(row: Bundle | Installation, refusal: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(refusal) from error


def _told(row: Installation, what: Plan) -> dict[str, Any]:
    counts = {outcome.value: len(what.among(outcome)) for outcome in Outcome}
    facts = {"service": row.service, "version": row.version, "digest": row.digest}
    return facts | {"taken": sum(c.taken for c in what.changes)} | counts
