"""A definition as JSON Schema 2020-12 of its answers."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from communs.core.forms.engine.definition import Definition, Field, Page, Section, Words, said
from communs.core.forms.engine.kinds import kind_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(definition: Definition, *, title: str = "") -> dict[str, Any]:
    """Give the schema of whole answers; what depends on a condition is described, not demanded."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for page in definition.pages:
        for section in page.sections:
            if section.repeat:
                properties[section.key] = _rows(section)
                if section.repeat.min and not (page.when or section.when):
                    required.append(section.key)
                continue
            properties |= _properties(section)
            required += _required(page, section)
    return {
        "$schema": DIALECT,
        **({"title": title} if title else {}),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def value_schema(field: Field) -> dict[str, Any]:
    """Give the schema of one field's values."""
    kind = kind_of(field)
    return kind.schema(kind.set(field.settings))


def fits(field: Field, value: Any) -> bool:
    """Tell whether a value has the shape of its field's values."""
    return _validator(json.dumps(value_schema(field))).is_valid(value)


@lru_cache(maxsize=2048)
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))


def _rows(section: Section) -> dict[str, Any]:
    repeat = section.repeat
    properties = {"id": {"type": "string"}} | _properties(section)
    always = [field.key for field in section.fields if field.required and not field.when]
    row = {
        "type": "object",
        "properties": properties,
        "required": always,
        "additionalProperties": False,
    }
    bounds = {"minItems": repeat.min, "maxItems": repeat.max} if repeat else {}
    return {"type": "array", **_told(section.title, section.help), "items": row, **bounds}


def _properties(section: Section) -> dict[str, Any]:
    asked = [field for field in section.fields if kind_of(field).asks]
    return {one.key: _told(one.label, one.help) | value_schema(one) for one in asked}


def _required(page: Page, section: Section) -> list[str]:
    if page.when or section.when:
        return []
    return [field.key for field in section.fields if field.required and not field.when]


def _told(title: Words, text: Words) -> dict[str, str]:
    found = {"title": said(title), "description": said(text)}
    return {name: words for name, words in found.items() if words}
