"""Every house rule, over every installed service."""

from __future__ import annotations

import pytest

from communs.core.registry.queries import services


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "service" in metafunc.fixturenames:
        found = services()
        metafunc.parametrize("service", found, ids=[service.key for service in found])
