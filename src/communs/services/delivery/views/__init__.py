"""Pages, files, and what other pages show of this service."""

from communs.services.delivery.views.booking import (
    add_carrier,
    arrive,
    bookings,
    cancel_booking,
    end_carrier,
    make_key,
    run_bookings,
)
from communs.services.delivery.views.calling import (
    hook,
    hook_remove,
    hook_resume,
    hook_test,
    run_calls,
)
from communs.services.delivery.views.disc import extend, leave, report, start, ticket
from communs.services.delivery.views.field import check, moderate, patrol, reports
from communs.services.delivery.views.files import bays_csv, bays_geojson, cds_events
from communs.services.delivery.views.importing import run_curb_file, run_curbs
from communs.services.delivery.views.manage import (
    add_bay,
    add_policy,
    add_template,
    change_bay,
    close_bay,
    end_policy,
    manage,
    order,
    order_text,
    revise_policy,
)
from communs.services.delivery.views.pages import bay, index
from communs.services.delivery.views.running import (
    run_expected,
    run_expected_of_bay,
    run_pause_lift,
    run_recurrence_end,
    run_recurrence_pause,
    run_shop,
    run_shop_answer,
    run_shop_end,
    run_shop_page,
    run_shops,
)
from communs.services.delivery.views.sections import home_section
from communs.services.delivery.views.shops import (
    ask_shop,
    expected,
    lift_own,
    pause_own,
    shop,
)
from communs.services.delivery.views.signs import sign
from communs.services.delivery.views.using import use, use_csv, use_of_bay

__all__ = [
    "add_bay",
    "add_carrier",
    "add_policy",
    "add_template",
    "arrive",
    "ask_shop",
    "bay",
    "bays_csv",
    "bays_geojson",
    "bookings",
    "cancel_booking",
    "cds_events",
    "change_bay",
    "check",
    "close_bay",
    "end_carrier",
    "end_policy",
    "expected",
    "extend",
    "home_section",
    "hook",
    "hook_remove",
    "hook_resume",
    "hook_test",
    "index",
    "leave",
    "lift_own",
    "make_key",
    "manage",
    "moderate",
    "order",
    "order_text",
    "patrol",
    "pause_own",
    "report",
    "reports",
    "revise_policy",
    "run_bookings",
    "run_calls",
    "run_curb_file",
    "run_curbs",
    "run_expected",
    "run_expected_of_bay",
    "run_pause_lift",
    "run_recurrence_end",
    "run_recurrence_pause",
    "run_shop",
    "run_shop_answer",
    "run_shop_end",
    "run_shop_page",
    "run_shops",
    "shop",
    "sign",
    "start",
    "ticket",
    "use",
    "use_csv",
    "use_of_bay",
]
