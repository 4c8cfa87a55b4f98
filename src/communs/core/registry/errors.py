"""What the gate says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

if TYPE_CHECKING:
    from communs.core.registry.service import Service


class ServiceOff(Http404):
    """The service exists but is not on here: a 404 like any other, with a page that explains."""

    def __init__(self, service: Service) -> None:
        super().__init__(f"{service.key} is off here")
        self.service = service
