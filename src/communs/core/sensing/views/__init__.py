"""Pages of sensors: where readings come from, what is in place, what is believed."""

from communs.core.sensing.views.sources import add, bring, change, index, renew, source
from communs.core.sensing.views.things import place, thing, withdraw

__all__ = ["add", "bring", "change", "index", "place", "renew", "source", "thing", "withdraw"]
