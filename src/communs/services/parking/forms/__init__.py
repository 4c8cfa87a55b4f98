"""What readers ask, and what agents write."""

from communs.services.parking.forms.asking import AskForm, ListForm
from communs.services.parking.forms.campaigns import CampaignForm
from communs.services.parking.forms.field import SensorForm, VerdictForm
from communs.services.parking.forms.initial import initial_of
from communs.services.parking.forms.measures import MeasuresForm
from communs.services.parking.forms.panels import PanelForm
from communs.services.parking.forms.places import (
    SegmentForm,
    SiteForm,
    SpaceForm,
    SpacesForm,
    ZoneForm,
)
from communs.services.parking.forms.signs import PermitForm, RegulationForm, TariffForm

__all__ = [
    "AskForm",
    "CampaignForm",
    "ListForm",
    "MeasuresForm",
    "PanelForm",
    "PermitForm",
    "RegulationForm",
    "SegmentForm",
    "SensorForm",
    "SiteForm",
    "SpaceForm",
    "SpacesForm",
    "TariffForm",
    "VerdictForm",
    "ZoneForm",
    "initial_of",
]
