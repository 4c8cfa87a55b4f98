"""Pages of forms: what a service's view calls to have one filled, and the editor."""

from communs.core.forms.views.filling import Addresses, page_of

__all__ = ["Addresses", "page_of"]
