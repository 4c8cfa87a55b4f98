"""Writes: one verb a function, one recorded event."""

from communs.services.parking.actions.campaigns import set_campaign
from communs.services.parking.actions.field import answer_overstay, bind_sensor, release_sensor
from communs.services.parking.actions.outlooks import work_out_outlooks
from communs.services.parking.actions.panels import set_panel
from communs.services.parking.actions.places import set_segment, set_site, set_space, set_zone
from communs.services.parking.actions.signs import (
    remove_regulation,
    set_permit,
    set_regulation,
    set_tariff,
)
from communs.services.parking.actions.uses import work_out_use

__all__ = [
    "answer_overstay",
    "bind_sensor",
    "release_sensor",
    "remove_regulation",
    "set_campaign",
    "set_panel",
    "set_permit",
    "set_regulation",
    "set_segment",
    "set_site",
    "set_space",
    "set_tariff",
    "set_zone",
    "work_out_outlooks",
    "work_out_use",
]
