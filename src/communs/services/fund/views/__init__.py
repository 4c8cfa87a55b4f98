"""Pages, files and sections of the fund."""

from communs.services.fund.views.facts import add_fact, correct_fact, withdraw_fact
from communs.services.fund.views.files import (
    register_csv,
    register_geojson,
    register_json,
    register_map_geojson,
    register_scdl,
)
from communs.services.fund.views.pages import (
    award,
    awards,
    beneficiary,
    grant,
    index,
    register,
    register_map,
)
from communs.services.fund.views.sections import home_section, member_section

__all__ = [
    "add_fact",
    "award",
    "awards",
    "beneficiary",
    "correct_fact",
    "grant",
    "home_section",
    "index",
    "member_section",
    "register",
    "register_csv",
    "register_geojson",
    "register_json",
    "register_map",
    "register_map_geojson",
    "register_scdl",
    "withdraw_fact",
]
