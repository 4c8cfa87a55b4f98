"""Tables: bays, what applies there, and who stops there, without a name or a plate."""

from communs.services.delivery.models.bookings import Booking, Carrier
from communs.services.delivery.models.curbs import CurbFile
from communs.services.delivery.models.hooks import URL_LENGTH, Call, Hook
from communs.services.delivery.models.merchants import Merchant, Pause, Recurrence
from communs.services.delivery.models.places import (
    CODE_LENGTH,
    Bay,
    Placement,
    Policy,
    Template,
    Terms,
)
from communs.services.delivery.models.stops import (
    NOTE_LENGTH,
    Check,
    PlatePrint,
    Report,
    Ticket,
    Turning,
    Visit,
)

__all__ = [
    "CODE_LENGTH",
    "NOTE_LENGTH",
    "URL_LENGTH",
    "Bay",
    "Booking",
    "Call",
    "Carrier",
    "Check",
    "CurbFile",
    "Hook",
    "Merchant",
    "Pause",
    "Placement",
    "PlatePrint",
    "Policy",
    "Recurrence",
    "Report",
    "Template",
    "Terms",
    "Ticket",
    "Turning",
    "Visit",
]
