"""Documents: a configuration as one signed file, written and read; what is refused is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from communs.core.bundles import accepting, signing
from communs.core.bundles.content import said, unset
from communs.core.bundles.engine.canonical import canonical, digest_of
from communs.core.bundles.engine.merging import Content
from communs.core.bundles.engine.reading import Unreadable, read
from communs.core.bundles.models import NOTES_LENGTH, TITLE_LENGTH
from communs.core.bundles.signing import Signer
from communs.core.bundles.wording import unreadable
from communs.core.kit.errors import Refused
from communs.core.registry import queries as registry
from communs.core.registry.service import Service

FORMAT = 1
MEDIA_TYPE = "application/vnd.communs.bundle+json"
MOST_ORIGINS = 20
_FILE = "file"
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"

Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,60}$")]
Service_ = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Source(_Strict):
    """Who packed a document: a community of an installation, by its public key."""

    community: Name
    slug: Slug
    key: Hex


class Origin(Source):
    """An earlier document that this one comes from."""

    version: Version
    digest: Hex


class Shape(_Strict):
    """What every document holds."""

    format: int
    service: Service_
    title: Annotated[str, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    version: Version
    made_at: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    source: Source = Field(alias="from")
    licence: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.+-]{1,60}$")]
    notes: Annotated[str, StringConstraints(max_length=NOTES_LENGTH)]
    lineage: Annotated[list[Origin], Field(max_length=MOST_ORIGINS)]
    options: dict[str, Any]
    data: dict[str, list[dict[str, Any]]]
    digest: Hex
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was checked in whole."""

    raw: Mapping[str, Any]
    shape: Shape
    service: Service
    content: Content
    signer: Signer

    @property
    def text(self) -> str:
        """The document as it is kept and sent."""
        return canonical(self.raw)

    @property
    def made_at(self) -> datetime:
        """When it was packed."""
        return _moment(self.shape.made_at)


def write(
    *,
    service: Service,
    version: int,
    source: Mapping[str, str],
    licence: str,
    notes: str,
    lineage: Sequence[Mapping[str, Any]],
    content: tuple[Mapping[str, Any], Mapping[str, Any]],
    at: datetime,
) -> dict[str, Any]:
    """Make and sign a document."""
    options, data = content
    with override(settings.LANGUAGE_CODE):
        title = f"{service.title} ({source['community']})"
    document: dict[str, Any] = {
        "format": FORMAT,
        "service": service.key,
        "title": title[:TITLE_LENGTH],
        "version": version,
        "made_at": at.astimezone(UTC).strftime(_MOMENT),
        "from": {**source, "key": signing.public_key()},
        "licence": licence,
        "notes": notes,
        "lineage": [dict(origin) for origin in lineage][-MOST_ORIGINS:],
        "options": dict(options),
        "data": dict(data),
    }
    digest = digest_of(document)
    return {**document, "digest": digest, "signature": signing.sign(digest)}


def opened(content: bytes | str) -> Document:
    """Give a document that may be installed here, or raise Refused with what is wrong and where."""
    try:
        raw = read(content.encode() if isinstance(content, str) else content)
    except Unreadable as error:
        raise Refused(unreadable(error), field=_FILE) from error
    shape = _shape(raw)
    _prove(raw, shape)
    service = registry.by_key(shape.service)
    if service is None:
        words = _("The service “%(name)s” is not installed on this site.")
        raise Refused(words % {"name": shape.service}, field=_FILE)
    accepting.accept(service, shape.options, shape.data)
    accepting.refuse_personal(service, raw)
    known = said(service, shape.options, shape.data)
    return Document(raw, shape, service, known, signing.signer_of(shape.source.key))


def at_first(document: Document) -> Content:
    """Give what a first installation starts from: nothing is known to have come.

    An option that is as usual here is not taken for a choice; one that was set is, even where the
    document says the usual.
    """
    coming, usual = document.content.options, unset(document.service)
    return Content({name: usual[name] for name in usual if coming.get(name) != usual[name]})


def _shape(raw: Mapping[str, Any]) -> Shape:
    stated = raw.get("format")
    if isinstance(stated, int) and stated > FORMAT:
        words = _(
            "This configuration was made by a newer version of Communs (format %(found)d; this"
            " site reads up to %(known)d). Update this site first."
        )
        raise Refused(words % {"found": stated, "known": FORMAT}, field=_FILE)
    try:
        shape = Shape.model_validate(raw)
        _moment(shape.made_at)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])[:80]
        words = _("This file is not a configuration of Communs: “%(name)s” is not as it should be.")
        raise Refused(words % {"name": where}, field=_FILE) from error
    except ValueError as error:
        words = _("This file is not a configuration of Communs: “%(name)s” is not as it should be.")
        raise Refused(words % {"name": "made_at"}, field=_FILE) from error
    if shape.format != FORMAT:
        words = _("This file is not a configuration of Communs: “%(name)s” is not as it should be.")
        raise Refused(words % {"name": "format"}, field=_FILE)
    return shape


def _prove(raw: Mapping[str, Any], shape: Shape) -> None:
    """Refuse what is not what was signed."""
    if digest_of(raw) != shape.digest:
        raise Refused(
            _("This file was altered since it was signed: its digest is not the one it states."),
            field=_FILE,
        )
    if not signing.is_signed(shape.digest, shape.signature, shape.source.key):
        raise Refused(
            _("The signature of this file is not that of the installation it names."), field=_FILE
        )


def _moment(text: str) -> datetime:
    return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
