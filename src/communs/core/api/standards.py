"""Each standard in which a service’s sensors are published, under the service’s own address."""

from __future__ import annotations

from ninja import Router

from communs.core.api import ngsi, sensorthings, states
from communs.core.registry.service import Service
from communs.core.sensing.standards.port import Published


def router_for(published: Published, service: Service) -> Router:
    """Give every operation that is made from what a service publishes."""
    router = Router()
    router.add_router("", sensorthings.router_for(published, service.key))
    router.add_router("", states.router_for(published, service.key))
    router.add_router("", ngsi.router_for(published, service.key))
    return router
