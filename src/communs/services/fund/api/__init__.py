"""The fund, for programs."""

from ninja import Router

from communs.services.fund.api import (
    agreements,
    amendments,
    applications,
    calls,
    experiments,
    instruction,
    managed_calls,
    master_plan,
    register,
    sessions,
    signing,
    sittings,
)

router = Router()
router.add_router("", register.router)
router.add_router("", calls.router)
router.add_router("", managed_calls.router)
router.add_router("", applications.router)
router.add_router("", instruction.router)
router.add_router("", agreements.router)
router.add_router("", signing.router)
router.add_router("", amendments.router)
router.add_router("", sessions.router)
router.add_router("", experiments.router)
router.add_router("", sittings.router)
router.add_router("", master_plan.router)

__all__ = ["router"]
