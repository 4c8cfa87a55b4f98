"""JSON Patch (RFC 6902) of a small document: add, replace, remove, test."""

from __future__ import annotations

import copy
from typing import Any

from django.utils.translation import gettext as _

from communs.core.kit.errors import Refused

_MOST, _DEEPEST = 100, 10
_KNOWN = frozenset({"add", "replace", "remove", "test"})


def patched(document: Any, patches: Any) -> Any:
    """Give a document changed by patches, all of them or none; Refused says that they are none."""
    found = copy.deepcopy(document)
    if not isinstance(patches, list) or len(patches) > _MOST:
        raise _no_patch()
    for one in patches:
        _apply(found, one)
    return found


def _apply(document: Any, patch: Any) -> None:
    if not isinstance(patch, dict) or patch.get("op") not in _KNOWN:
        raise _no_patch()
    names = _names(patch.get("path"))
    parent = document
    for name in names[:-1]:
        parent = parent.get(name) if isinstance(parent, dict) else None
    _change(parent, names[-1], patch)


def _change(parent: Any, name: str, patch: dict[str, Any]) -> None:
    """Change one name of an object: lists have no place in what is described here."""
    if not isinstance(parent, dict) or (patch["op"] != "add" and name not in parent):
        raise _no_patch()
    if patch["op"] == "remove":
        del parent[name]
    elif "value" not in patch:
        raise _no_patch()
    elif patch["op"] != "test":
        parent[name] = patch["value"]
    elif parent[name] != patch["value"]:
        raise Refused(_("What is changed is no longer as you read it."), field=name)


def _names(path: Any) -> list[str]:
    if not isinstance(path, str) or not path.startswith("/") or path.count("/") > _DEEPEST:
        raise _no_patch()
    return [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]


def _no_patch() -> Refused:
    return Refused(_("This is no JSON Patch that can be followed here."), field="body")
