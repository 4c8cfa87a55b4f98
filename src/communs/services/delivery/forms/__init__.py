"""What readers ask, what drivers and residents say, what agents write."""

from communs.services.delivery.forms.places import BayForm, EndForm, PolicyForm, TemplateForm
from communs.services.delivery.forms.stops import (
    CheckForm,
    FindForm,
    PlateForm,
    ReportForm,
    StartForm,
)

__all__ = [
    "BayForm",
    "CheckForm",
    "EndForm",
    "FindForm",
    "PlateForm",
    "PolicyForm",
    "ReportForm",
    "StartForm",
    "TemplateForm",
]
