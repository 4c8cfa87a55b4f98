"""Kinds of sources and of measures, why a reading is refused, why a state is not believed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Protocol(TextChoices):
    """How a source writes what it says."""

    PLAIN = "plain", _("JSON of Communs")
    CHIRPSTACK = "chirpstack", _("ChirpStack 4")
    TTN = "ttn", _("The Things Stack 3")
    NGSI = "ngsi", _("NGSI-LD notifications")
    SENSORTHINGS = "sensorthings", _("SensorThings 1.1")
    CSV = "csv_file", _("CSV file")


class Property(TextChoices):
    """What a thing measures; the unit of its values is part of the name."""

    PRESENCE = "presence", _("Presence (0 or 1)")
    COUNT = "count", _("Passages counted")
    FREE = "free", _("Free places")
    OCCUPANCY = "occupancy", _("Occupancy (%)")
    BATTERY = "battery", _("Battery (%)")
    TEMPERATURE = "temperature", _("Temperature (°C)")
    HUMIDITY = "humidity", _("Humidity (%)")
    LEVEL = "level", _("Level (%)")
    MEASURE = "measure", _("Another measure")


class EntityKind(TextChoices):
    """What a description is of, in the words of SensorThings."""

    THING = "Thing", _("Thing described")
    LOCATION = "Location", _("Location")
    PAST = "HistoricalLocation", _("Location at a time")
    STREAM = "Datastream", _("Series of readings")
    SENSOR = "Sensor", _("Kind of sensor")
    PROPERTY = "ObservedProperty", _("Property observed")
    FEATURE = "FeatureOfInterest", _("Subject of a reading")


class Doubt(TextChoices):
    """Why a state is not believed; none when it is."""

    NONE = "", _("Believed")
    NEVER = "never", _("Never heard")
    SILENT = "silent", _("Silent")
    STUCK = "stuck", _("Stuck")
    FLAPPING = "flapping", _("Flapping")
    DRIFTING = "drifting", _("Often wrong")


class Outcome(TextChoices):
    """What became of a reading."""

    KEPT = "kept", _("Kept")
    DOUBLED = "doubled", _("Received before")
    LATE = "late", _("Kept, but older than the latest")
    NOT_JSON = "not_json", _("Not JSON")
    TOO_LARGE = "too_large", _("Too large")
    MISSING = "missing", _("Something is missing")
    WRONG_TYPE = "wrong_type", _("Not a number where one is due")
    NO_TIME = "no_time", _("Time without its offset")
    UNKNOWN_SHAPE = "unknown_shape", _("Not what this source sends")
    UNKNOWN_THING = "unknown_thing", _("Unknown sensor")
    OUT_OF_RANGE = "out_of_range", _("Out of range")
    FUTURE = "future", _("Dated in the future")
    PAST = "past", _("Too old")
