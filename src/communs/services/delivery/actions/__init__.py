"""Writes: one verb a function, one recorded event."""

from communs.services.delivery.actions.bookings import (
    add_carrier,
    book,
    cancel,
    end_carrier,
    honour,
    release_due,
)
from communs.services.delivery.actions.field import check_bay, moderate_report, report_bay
from communs.services.delivery.actions.places import (
    add_bay,
    change_bay,
    close_bay,
    enact_policy,
    end_policy,
    revise_policy,
    save_template,
)
from communs.services.delivery.actions.shops import (
    Declared,
    add_merchant,
    add_recurrence,
    answer_merchant,
    ask_for_merchant,
    end_merchant,
    end_recurrence,
    lift_pause,
    pause_recurrence,
    renew_page,
)
from communs.services.delivery.actions.stops import (
    Full,
    Started,
    end_ticket,
    extend_ticket,
    forget_plates,
    note_turning,
    start_ticket,
)
from communs.services.delivery.actions.visits import make_visits

__all__ = [
    "Declared",
    "Full",
    "Started",
    "add_bay",
    "add_carrier",
    "add_merchant",
    "add_recurrence",
    "answer_merchant",
    "ask_for_merchant",
    "book",
    "cancel",
    "change_bay",
    "check_bay",
    "close_bay",
    "enact_policy",
    "end_carrier",
    "end_merchant",
    "end_policy",
    "end_recurrence",
    "end_ticket",
    "extend_ticket",
    "forget_plates",
    "honour",
    "lift_pause",
    "make_visits",
    "moderate_report",
    "note_turning",
    "pause_recurrence",
    "release_due",
    "renew_page",
    "report_bay",
    "revise_policy",
    "save_template",
    "start_ticket",
]
