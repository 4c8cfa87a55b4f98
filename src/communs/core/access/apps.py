from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "communs.core.access"
    label = "access"
    events: ClassVar[Mapping[str, Any]] = {
        "access.invited": _("Invitation sent"),
        "access.invitation_renewed": _("Invitation sent again"),
        "access.invitation_withdrawn": _("Invitation withdrawn"),
        "access.invitation_accepted": _("Invitation accepted"),
        "access.first_administrator_made": _("First administrator named"),
        "access.role_changed": _("Role of a member changed"),
        "access.membership_ended": _("Role of a member ended"),
        "access.delegated": _("Role lent to a colleague"),
        "access.delegation_revoked": _("Delegation ended"),
    }
