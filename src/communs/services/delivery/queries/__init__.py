"""Reads, for pages, API and files alike."""

from communs.services.delivery.queries.bays import (
    Standing,
    all_bays,
    all_policies,
    bay,
    bays,
    nearest,
    policies_at,
    rule_of,
    rules_of,
    standing,
    standings,
    templates,
)
from communs.services.delivery.queries.bookings import (
    booking_of,
    bookings_of,
    carrier_of,
    carriers,
    latest_bookings,
)
from communs.services.delivery.queries.calls import (
    call_to_make,
    calls_of,
    hook_of,
    hooks,
    message_of,
)
from communs.services.delivery.queries.field import Round, plate_found, rounds, to_read
from communs.services.delivery.queries.files import curb_files, origins
from communs.services.delivery.queries.shops import (
    Expectation,
    expectation,
    expectations,
    expectations_of,
    merchant_of,
    merchants,
    merchants_asking,
    merchants_here,
)
from communs.services.delivery.queries.stops import (
    print_of,
    secret_digest,
    ticket_of,
    valid_tickets,
)
from communs.services.delivery.queries.telling import documents, findings, searchable
from communs.services.delivery.queries.use import Use, uses, visits_between

__all__ = [
    "Expectation",
    "Round",
    "Standing",
    "Use",
    "all_bays",
    "all_policies",
    "bay",
    "bays",
    "booking_of",
    "bookings_of",
    "call_to_make",
    "calls_of",
    "carrier_of",
    "carriers",
    "curb_files",
    "documents",
    "expectation",
    "expectations",
    "expectations_of",
    "findings",
    "hook_of",
    "hooks",
    "latest_bookings",
    "merchant_of",
    "merchants",
    "merchants_asking",
    "merchants_here",
    "message_of",
    "nearest",
    "origins",
    "plate_found",
    "policies_at",
    "print_of",
    "rounds",
    "rule_of",
    "rules_of",
    "searchable",
    "secret_digest",
    "standing",
    "standings",
    "templates",
    "ticket_of",
    "to_read",
    "uses",
    "valid_tickets",
    "visits_between",
]
