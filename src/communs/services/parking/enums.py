"""Kinds of places, of rules and of answers."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communs.services.parking.engine import regulations


class SpaceKind(TextChoices):
    """What a space is for."""

    STANDARD = "standard", _("Any car")
    DISABLED = "disabled", _("Disabled people (PMR)")
    ELECTRIC = "electric", _("Charging an electric car")
    SHORT = "short", _("Minute-stop")
    MOTORCYCLE = "motorcycle", _("Motorcycles")
    DELIVERY = "delivery", _("Deliveries")


class SiteKind(TextChoices):
    """How a car park is built."""

    SURFACE = "surface", _("Car park in the open")
    BUILDING = "building", _("Car park in a building or under ground")
    GROUP = "group", _("Group of spaces")


class Side(TextChoices):
    """Which side of the street, by its numbers."""

    UNKNOWN = "", _("side not said")
    ODD = "odd", _("odd numbers")
    EVEN = "even", _("even numbers")
    BOTH = "both", _("both sides")


class Colour(TextChoices):
    """The colour by which people know a zone; always written, never shown alone."""

    NONE = "", pgettext_lazy("colour of a zone", "no colour")
    WHITE = "white", pgettext_lazy("colour of a zone", "white")
    BLUE = "blue", pgettext_lazy("colour of a zone", "blue")
    GREEN = "green", pgettext_lazy("colour of a zone", "green")
    YELLOW = "yellow", pgettext_lazy("colour of a zone", "yellow")
    ORANGE = "orange", pgettext_lazy("colour of a zone", "orange")
    RED = "red", pgettext_lazy("colour of a zone", "red")


class Who(TextChoices):
    """Whom a rule is about."""

    EVERYONE = regulations.EVERYONE, _("Everyone")
    RESIDENTS = regulations.RESIDENTS, _("Residents with their permit")
    DISABLED = regulations.DISABLED, _("Holders of a disabled person’s parking card")
    ELECTRIC = regulations.ELECTRIC, _("Electric cars while they charge")
    PROFESSIONALS = regulations.PROFESSIONALS, _("Professionals with their permit")


class Effect(TextChoices):
    """What a rule does."""

    ALLOWS = regulations.Effect.ALLOWS.value, _("Parking is allowed")
    RESERVES = regulations.Effect.RESERVES.value, _("Parking is reserved for these people")
    FORBIDS = regulations.Effect.FORBIDS.value, _("Parking is forbidden")
    TERMS = regulations.Effect.TERMS.value, _("Says only a duration or a price")


class Nature(TextChoices):
    """What a rule is; the later ones go before the earlier ones."""

    ORDINARY = "ordinary", _("Ordinary rule")
    RECURRING = "recurring", _("Market or cleaning that comes back")
    ORDER = "order", _("Dated order: works, event, free period")


class Where(TextChoices):
    """How far a rule reaches."""

    COMMUNE = "commune", _("The whole commune")
    ZONE = "zone", _("A zone")
    PLACES = "places", _("Some streets or car parks")


class Charge(TextChoices):
    """What a rule says of the price."""

    UNSAID = "unsaid", _("Says nothing of it")
    FREE = "free", _("Free of charge")
    TARIFF = "tariff", _("A tariff")


class Presence(TextChoices):
    """What is known of a space now; unknown is never free."""

    FREE = "free", pgettext_lazy("a parking space", "free")
    TAKEN = "taken", pgettext_lazy("a parking space", "taken")
    UNKNOWN = "unknown", pgettext_lazy("a parking space", "unknown")


class Verdict(TextChoices):
    """What the warden found where somebody seems to stay too long."""

    GONE = "gone", _("Nobody is there any more")
    RIGHTFUL = "rightful", _("A card or a ticket allows it")
    DEALT_WITH = "dealt_with", _("Dealt with by other means")
    SENSOR_WRONG = "sensor_wrong", _("The space is free: the sensor is wrong")


class Part(TextChoices):
    """What a zone does in a campaign."""

    TRIED = "tried", _("Something is tried there")
    CONTROL = "control", _("Nothing changes there: it is compared with")
