"""Switching services on and off, and setting them."""

from __future__ import annotations

from typing import Any

from communs.core.journal.actions import action, record
from communs.core.registry.models import Activation, activations
from communs.core.registry.service import Service


@action("registry.service_set")
def set_service(
    *,
    service: Service,
    on: bool,
    options: dict[str, Any] | None = None,
    covers_children: bool | None = None,
    provenance: str = "",
    by: Any,
) -> Activation:
    """Switch a service on or off in the community in force, and keep its options if given.

    `provenance` names what asks for it, as `Running` says; it is kept and recorded.
    """
    row = keep_activation(
        service=service,
        on=on,
        options=options,
        covers_children=covers_children,
        provenance=provenance or None,
    )
    because = {"provenance": provenance} if provenance else {}
    record(row, service=service.key, on=on, options=row.options, **because)
    return row


def keep_activation(
    *,
    service: Service,
    on: bool,
    options: dict[str, Any] | None = None,
    covers_children: bool | None = None,
    from_bundle: str | None = None,
    provenance: str | None = None,
) -> Activation:
    """Write how a service is set in the community in force, for the action that is running."""
    row = Activation.objects.filter(service=service.key).first() or Activation(service=service.key)
    row.on = on
    if options is not None:
        row.options = service.options.model_validate(options).model_dump(mode="json")
    if covers_children is not None:
        row.covers_children = covers_children
    if from_bundle is not None:
        row.from_bundle = from_bundle
    if provenance is not None:
        row.provenance = provenance
    row.save()
    return row


def drop_activation(*, service: Service) -> None:
    """Let go of the own word of the community in force, for the action that is running."""
    Activation.objects.filter(service=service.key).delete()
    activations.forget()
