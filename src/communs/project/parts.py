"""Finds the services: those of the house, and those that other packages bring."""

from __future__ import annotations

import inspect
import pkgutil
from importlib import import_module
from importlib.metadata import entry_points

from communs import services
from communs.core.registry.service import Service


def discover() -> list[str]:
    """Give the dotted path of every service's manifest class, as INSTALLED_APPS wants it."""
    names = sorted(m.name for m in pkgutil.iter_modules(services.__path__) if m.ispkg)
    own = [_manifest(f"{services.__name__}.{name}.manifest") for name in names]
    outside = sorted(point.value.replace(":", ".") for point in _outside())
    return [*own, *outside]


def _outside() -> list:
    return list(entry_points(group="communs.services"))


def _manifest(module_name: str) -> str:
    module = import_module(module_name)
    found = [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and issubclass(value, Service) and value is not Service
    ]
    if len(found) != 1:
        message = f"{module_name} must hold one Service class; it holds {len(found)}."
        raise ImportError(message)
    return f"{module_name}.{found[0]}"
