"""What vehicles, rules, stops and reports may be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VehicleClass(TextChoices):
    """Vehicles, by the names that the Curb Data Specification gives them."""

    CARGO_BICYCLE = "cargo_bicycle", _("Cargo bike")
    CAR = "car", _("Car")
    VAN = "van", _("Van")
    TRUCK = "truck", _("Lorry")
    OTHER = "other", _("Other vehicle")


class Activity(TextChoices):
    """What a rule lets one do."""

    LOADING = "loading", _("loading and unloading, with the digital disc")
    FREE = "parking", _("parking for everybody, without a disc")
    NONE = "no parking", _("no parking")


class Errand(TextChoices):
    """What a stop is for."""

    DELIVERY = "delivery", _("Delivering")
    PARCEL = "parcel_delivery", _("Delivering parcels")
    PICKUP = "freight", _("Picking up goods")
    TRADE = "service_vehicles", _("A tradesperson’s work")
    MOVING = "moving", _("Moving house")


class Presence(TextChoices):
    """What is known of a bay; not knowing is an answer."""

    FREE = "free", pgettext_lazy("delivery bay", "free")
    TAKEN = "taken", pgettext_lazy("delivery bay", "taken")
    BOOKED = "booked", pgettext_lazy("delivery bay", "booked")
    UNKNOWN = "unknown", pgettext_lazy("delivery bay", "unknown")


class Seen(TextChoices):
    """What a warden saw in a bay."""

    IN_ORDER = "in_order", _("All in order")
    OVERSTAY = "overstay", _("A vehicle stays longer than its disc")
    NO_DISC = "no_disc", _("A vehicle without a disc")
    OTHER_USE = "other_use", _("Parking that is not a delivery")
    BLOCKED = "blocked", _("The bay cannot be reached")


class Nuisance(TextChoices):
    """What a resident tells."""

    DOUBLE = "double", _("Double parking")
    BLOCKED = "blocked", _("Delivery bay blocked")


class Moderation(TextChoices):
    """Whether a report was read."""

    WAITING = "waiting", pgettext_lazy("report", "to be read")
    KEPT = "kept", pgettext_lazy("report", "kept")
    REJECTED = "rejected", pgettext_lazy("report", "set aside")


class BookingState(TextChoices):
    """What became of a booking."""

    BOOKED = "booked", pgettext_lazy("booking", "booked")
    HONOURED = "honoured", pgettext_lazy("booking", "used")
    RELEASED = "released", _("released: nobody came")
    CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")


class Asking(TextChoices):
    """Whether a shop’s deliveries count."""

    ASKED = "asked", pgettext_lazy("shop", "to be answered")
    ACCEPTED = "accepted", pgettext_lazy("shop", "accepted")
    REFUSED = "refused", pgettext_lazy("shop", "refused")


class CallState(TextChoices):
    """What became of a call to a carrier’s address."""

    WAITING = "waiting", pgettext_lazy("call", "waiting")
    TOLD = "told", pgettext_lazy("call", "received")
    LOST = "lost", pgettext_lazy("call", "given up")


class Trouble(TextChoices):
    """Why a call to a carrier’s address was not received."""

    UNREADABLE = "unreadable", _("This is not an address that can be called.")
    INSECURE = "insecure", _("The address must begin with https://.")
    PORT = "port", _("Only port 443 is called.")
    PRIVATE = "private", _("The address leads to a private network.")
    UNKNOWN = "unknown", _("Nobody knows this name.")
    UNREACHABLE = "unreachable", _("The machine does not answer.")
    UNTRUSTED = "untrusted", _("Its certificate cannot be trusted.")
    SLOW = "slow", _("The answer takes too long.")
    MOVED = "moved", _("It answers that it is elsewhere: calls follow nobody.")
    GONE = "gone", _("It answers that it wants no more calls.")
    REFUSED = "refused", _("It answers with an error.")
    SECRET = "secret", _("The installation’s key has changed: set the address again.")


class LeftOut(TextChoices):
    """Why something of a CurbLR file is not taken."""

    NO_LOADING = "no loading", _("no rule lets goods be loaded there")
    PLACE = "place", _("its place cannot be read")
    USERS = "users", _("for users that are no delivery")
    SIZE = "size", _("it depends on the size or weight of the vehicle")
    ACTIVITY = "activity", _("an activity that has no equal here")
    MONTHLY = "monthly", _("it holds on certain days of the month only")
    YEARLY = "yearly", _("it comes back each year")
    PERIOD = "period", _("it depends on a period that somebody else declares")
    OVER = "over", _("it is over")
    HOURS = "hours", _("its days or hours cannot be read")


class Remark(TextChoices):
    """What is worth knowing of what a CurbLR file gives."""

    ZONE = "zone", _("The file is of another time zone: its hours are read on the clocks here.")
    PRICE = "price", _("Prices are not taken.")
    SPACES = "spaces", _("The number of spaces is reckoned from the length, ten metres each.")
