"""Pages, files, and what other pages show of this service."""

from communs.services.delivery.views.disc import extend, leave, report, start, ticket
from communs.services.delivery.views.field import check, moderate, patrol, reports
from communs.services.delivery.views.files import bays_csv, bays_geojson
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
from communs.services.delivery.views.sections import home_section

__all__ = [
    "add_bay",
    "add_policy",
    "add_template",
    "bay",
    "bays_csv",
    "bays_geojson",
    "change_bay",
    "check",
    "close_bay",
    "end_policy",
    "extend",
    "home_section",
    "index",
    "leave",
    "manage",
    "moderate",
    "order",
    "order_text",
    "patrol",
    "report",
    "reports",
    "revise_policy",
    "start",
    "ticket",
]
