"""What a typed model found wrong, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_SENTENCES = {
    "greater_than_equal": gettext_lazy("Write a number of at least {ge}."),
    "less_than_equal": gettext_lazy("Write a number of at most {le}."),
    "greater_than": gettext_lazy("Write a number above {gt}."),
    "less_than": gettext_lazy("Write a number below {lt}."),
    "string_too_long": gettext_lazy("Write at most {max_length} characters."),
    "string_too_short": gettext_lazy("Write at least {min_length} characters."),
    "string_pattern_mismatch": gettext_lazy("This is not written as it should be."),
    "int_parsing": gettext_lazy("Write a whole number."),
    "int_parsing_size": gettext_lazy("Write a smaller number."),
    "int_from_float": gettext_lazy("Write a whole number."),
    "decimal_parsing": gettext_lazy("Write a number."),
    "float_parsing": gettext_lazy("Write a number."),
    "too_long": gettext_lazy("Give at most {max_length} lines."),
    "enum": gettext_lazy("Write one of these: {expected}."),
    "literal_error": gettext_lazy("Write one of these: {expected}."),
    "missing": gettext_lazy("This is needed."),
    "uuid_parsing": gettext_lazy("This is not a key."),
    "date_from_datetime_parsing": gettext_lazy("Write the date as 2018-11-27."),
    "date_parsing": gettext_lazy("Write the date as 2018-11-27."),
    "bool_parsing": gettext_lazy("Write true or false."),
}


def sentence(problem: Mapping[str, Any]) -> str:
    """Give what pydantic found wrong, in the reader's words."""
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":  # a rule of ours, already in words
        return str(context.get("error", _("This value is not accepted.")))
    known = _SENTENCES.get(problem["type"])
    return str(known).format(**context) if known else _("This value is not accepted.")
