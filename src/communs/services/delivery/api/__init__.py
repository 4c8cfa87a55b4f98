"""The same bays and bookings, for programs; curbs by the Curb Data Specification."""

from ninja import Router

from communs.services.delivery.api import bays, bookings, calls, curbs, importing, metrics, shops

router = Router()
router.add_router("", bays.router)
router.add_router("", bookings.router)
router.add_router("", calls.router)
router.add_router("", shops.router)
router.add_router("", importing.router)
router.add_router("/cds", curbs.router)
router.add_router("/cds", metrics.router)

__all__ = ["router"]
