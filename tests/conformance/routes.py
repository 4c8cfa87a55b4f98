"""For whom each route of pages and API is; a route that is new must say so here."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from importlib import import_module
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import get_resolver

from communs.core.registry.queries import services

METHODS = ("get", "post", "put", "patch", "delete")

EVERYBODY, NOBODY, ONESELF, AGENTS, MANAGERS, PLATFORM, EDITORS, MACHINES = (
    "everybody",
    "nobody any more",
    "whoever is signed in",
    "whoever holds a role here",
    "administrators here",
    "administrators of the metropolis",
    "editors here",
    "sensors' networks, each with its source's secret",  # tests/core/api/test_sensing.py
)
# Every route of the house by its own name: a new one must be added here, or the test fails.
FOR_WHOM = {
    **dict.fromkeys(
        (
            "web:home",
            "web:communes",
            "web:outlines",
            "web:services",
            "web:data",
            "web:dcat",
            "web:indicators",
            "web:indicator",
            "web:search",
            "web:search_suggestions",
            "web:accessibility",
            "web:legal",
            "web:kit",
            "web:sign_in",
            "web:colours",
            "web:health",
            "web:invitation",  # who has the signed link
            "notifications:unsubscribe",  # who has the signed link
            "account_*",  # the library's; tests/core/people says which
            "identity_*",
            "opendata:communes_csv",
            "opendata:communes_geojson",
            "opendata:indicators_csv",
            "opendata:indicator_csv",
            "files:image",  # each purpose says for whom: tests/core/files
            "files:show",
            "metrics",  # from this machine alone: tests/project
            "robots",
            "security_contact",
            "well_known_password",
            "openapi",
            "api:communes",
            "api:territories",
            "api:community",
            "api:search",
            "api:indicators",
            "api:indicator_series",
            "api:indicator_compare",
            "api:forms",
            "api:form",
            "api:form_check",  # keeps nothing
            "api:bundles",
            "api:bundle",
            "api:bundle_preview",  # asks who it is before it reads: tests/core/bundles
            "api:api-root",
        ),
        EVERYBODY,
    ),
    "web:demo_accounts": EVERYBODY,  # of the demonstration alone: 404 elsewhere
    "web:wizard*": NOBODY,  # answers 404 once a metropolis is there
    "web:baseline": EDITORS,
    "web:measure_again": EDITORS,
    "web:tokens": ONESELF,  # of who may do anything here: tests/services/fund/test_keys.py
    "web:take_token_back": AGENTS,
    "web:delegations": AGENTS,
    "web:delegation_end": AGENTS,
    "web:settings": MANAGERS,
    "web:look": MANAGERS,
    "web:service_settings": MANAGERS,
    "web:member*": MANAGERS,
    "web:journal*": MANAGERS,
    "web:job": MANAGERS,
    "web:jobs": MANAGERS,
    "web:deliveries": MANAGERS,
    "web:storage": MANAGERS,
    "web:platform*": PLATFORM,
    "bundles:catalogue": EVERYBODY,
    "bundles:shared": EVERYBODY,
    "bundles:document": EVERYBODY,
    "bundles:configuration": MANAGERS,
    "bundles:receive": MANAGERS,
    "bundles:version": MANAGERS,
    "bundles:preview": MANAGERS,
    "bundles:received": MANAGERS,
    "bundles:installation": MANAGERS,
    "sensing:index": AGENTS,
    "sensing:source": AGENTS,
    "sensing:thing": AGENTS,
    "sensing:*": EDITORS,
    "forms:*": EDITORS,
    "api:bundle_installations": MANAGERS,
    "api:bundle_roll_back": MANAGERS,
    "api:take_readings": MACHINES,
    "privacy:statement": EVERYBODY,
    "privacy:register_csv": EVERYBODY,
    "privacy:own": ONESELF,
    "privacy:copy": ONESELF,
    "privacy:agreements": ONESELF,
    "privacy:seen": ONESELF,
    "privacy:erase": ONESELF,
    "privacy:protection": MANAGERS,
    "privacy:controller": MANAGERS,
    "privacy:readers": MANAGERS,
    "notifications:sent": MANAGERS,
    "notifications:message": MANAGERS,
    "notifications:to_reach": AGENTS,
    **dict.fromkeys(
        (
            "notifications:list",
            "notifications:read",
            "notifications:bell",
            "notifications:wishes",
            "people:*",
            "mfa_*",
            "usersessions_list",
            "socialaccount_*",
        ),
        ONESELF,
    ),
}


# Another service says so of its own routes, in the samples of its tests.
for _service in services():
    _samples = import_module(f"tests.services.{_service.key}.samples")
    FOR_WHOM |= getattr(_samples, "FOR_WHOM", {})


class Route(NamedTuple):
    """An address to be filled."""

    name: str
    path: str

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?\w+>", self.path)

    @property
    def whom(self) -> str:
        return next((who for name, who in FOR_WHOM.items() if fnmatch(self.name, name)), "")

    def filled(self, *values: object) -> str:
        """Put a value for each parameter."""
        path = self.path
        for parameter, value in zip(self.parameters, values, strict=True):
            path = path.replace(parameter, str(value), 1)
        return f"/{path}"

    def fillings(self, keys: list[str]) -> list[tuple[str, ...]]:
        """Give the ways in which these keys fill the address; several at once are names."""
        # A service names its rows by `uuid:` or by a name of theirs, never by a key as a text.
        names = len(self.parameters) > 1 or self.path.removeprefix("api/").startswith(_SLUGS)
        return list(product(*(_fit(parameter, keys, names) for parameter in self.parameters)))


_SLUGS = tuple(f"{service.slug}/" for service in services())


def _fit(parameter: str, keys: list[str], names: bool) -> list[str]:
    if "int:" in parameter:
        return ["320"]
    if "day:" in parameter:
        return []
    if "uuid" in parameter:
        return [key for key in keys if is_uuid(key)]
    return [key for key in keys if not is_uuid(key)] if names else keys


def is_uuid(key: str) -> bool:
    try:
        UUID(key)
    except ValueError:
        return False
    return True


def routes() -> list[Route]:
    """Give every route of pages and API."""
    found: list[Route] = []

    def walk(patterns: Any, path: str, space: list[str]) -> None:
        for pattern in patterns:
            here = path + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                more = [pattern.namespace] if pattern.namespace else []
                walk(pattern.url_patterns, here, space + more)
            else:
                found.append(Route(":".join([*space, pattern.name or "?"]), here))

    walk(get_resolver().url_patterns, "", [])
    return found


ROUTES = routes()
WITH_KEYS = [route for route in ROUTES if route.parameters]
