"""What readers ask, what drivers and residents say, what agents write."""

from communs.services.delivery.forms.importing import CurbForm
from communs.services.delivery.forms.places import (
    BayForm,
    CarrierForm,
    EndForm,
    PolicyForm,
    TemplateForm,
)
from communs.services.delivery.forms.shops import (
    AskForm,
    MerchantForm,
    PauseForm,
    RecurrenceForm,
)
from communs.services.delivery.forms.stops import (
    ArriveForm,
    BookForm,
    CheckForm,
    FindForm,
    HookForm,
    PlateForm,
    ReportForm,
    StartForm,
)

__all__ = [
    "ArriveForm",
    "AskForm",
    "BayForm",
    "BookForm",
    "CarrierForm",
    "CheckForm",
    "CurbForm",
    "EndForm",
    "FindForm",
    "HookForm",
    "MerchantForm",
    "PauseForm",
    "PlateForm",
    "PolicyForm",
    "RecurrenceForm",
    "ReportForm",
    "StartForm",
    "TemplateForm",
]
