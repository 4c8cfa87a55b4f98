"""What the API takes and gives; the open data have the same columns."""

from communs.services.delivery.schemas.bays import BAY_COLUMNS, BayOut, BaysOut, bay_row
from communs.services.delivery.schemas.bookings import BookingIn, BookingOut, booking_row
from communs.services.delivery.schemas.calls import CallOut, HookIn, HookOut, HookSetOut, hook_row
from communs.services.delivery.schemas.importing import CurbFileOut, InstalledOut, curb_file_row
from communs.services.delivery.schemas.shops import (
    ExpectedOut,
    MerchantIn,
    MerchantOut,
    RecurrenceIn,
    expected_row,
    merchant_row,
)

__all__ = [
    "BAY_COLUMNS",
    "BayOut",
    "BaysOut",
    "BookingIn",
    "BookingOut",
    "CallOut",
    "CurbFileOut",
    "ExpectedOut",
    "HookIn",
    "HookOut",
    "HookSetOut",
    "InstalledOut",
    "MerchantIn",
    "MerchantOut",
    "RecurrenceIn",
    "bay_row",
    "booking_row",
    "curb_file_row",
    "expected_row",
    "hook_row",
    "merchant_row",
]
