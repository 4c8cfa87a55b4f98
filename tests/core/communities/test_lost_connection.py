"""A database that goes away is an error that whoever waits for it knows."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from communs.core.access.models import Membership
from communs.core.communities.models import Community
from communs.core.communities.scope import within


class Gone:
    """A connection whose server has stopped."""

    closed = False

    def cursor(self) -> None:
        message = "server closed the connection unexpectedly"
        raise psycopg.OperationalError(message)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection to lose")
@pytest.mark.django_db
def test_a_connection_lost_while_the_community_changes_is_a_database_error(
    antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrapper = connections["default"]
    with within(antony):
        with wrapper.cursor() as cursor, monkeypatch.context() as patch:
            patch.setattr(wrapper, "_told", None)
            patch.setattr(wrapper, "connection", Gone())
            with pytest.raises(OperationalError, match="unexpectedly"):
                cursor.execute("SELECT 1")
        assert Membership.objects.count() == 1
