"""Pages, files of open data, and what other pages show of parking."""

from communs.services.parking.views.asking import ask
from communs.services.parking.views.campaigns import campaign, campaign_csv, campaigns
from communs.services.parking.views.field import (
    answer_overstay,
    fit_sensor,
    patrol,
    release_sensor,
)
from communs.services.parking.views.files import (
    datex2_status,
    datex2_table,
    lieux_csv,
    map_geojson,
    parkapi,
    rooms_csv,
    rooms_geojson,
)
from communs.services.parking.views.manage import (
    NOUNS,
    add,
    change,
    manage,
    manage_spaces,
    remove_rule,
)
from communs.services.parking.views.measured import measures, measures_csv
from communs.services.parking.views.outlooks import outlook, outlooks
from communs.services.parking.views.pages import index, on_map, rules, segment, site, space
from communs.services.parking.views.panels import panel, panel_json, panel_txt, panels
from communs.services.parking.views.sections import home_section

__all__ = [
    "NOUNS",
    "add",
    "answer_overstay",
    "ask",
    "campaign",
    "campaign_csv",
    "campaigns",
    "change",
    "datex2_status",
    "datex2_table",
    "fit_sensor",
    "home_section",
    "index",
    "lieux_csv",
    "manage",
    "manage_spaces",
    "map_geojson",
    "measures",
    "measures_csv",
    "on_map",
    "outlook",
    "outlooks",
    "panel",
    "panel_json",
    "panel_txt",
    "panels",
    "parkapi",
    "patrol",
    "release_sensor",
    "remove_rule",
    "rooms_csv",
    "rooms_geojson",
    "rules",
    "segment",
    "site",
    "space",
]
