"""Wrong passwords: after five in a row an account, known or not, rests for five minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils.crypto import salted_hmac

from communs.core.people.models import FailedSignIns

MOST = 5
REST = timedelta(minutes=5)


def begin(address: str, *, at: datetime) -> bool:
    """Count an attempt before the password is looked at; False while the account rests.

    Counted first, so that attempts sent at the same moment cannot slip by, in any process.
    """
    key = _key(address)
    rows = FailedSignIns.objects
    rows.filter(account=key, last__lte=at - REST).update(count=0)
    if _count(key, at):
        return True
    _row, fresh = rows.get_or_create(account=key, defaults={"count": 1, "last": at})
    return fresh or _count(key, at)


def forgive(address: str) -> None:
    """Forget the wrong passwords of an account: the right one came, or it was changed."""
    FailedSignIns.objects.filter(account=_key(address)).delete()


def _count(key: str, at: datetime) -> bool:
    found = FailedSignIns.objects.filter(account=key, count__lt=MOST)
    return bool(found.update(count=F("count") + 1, last=at))


def _key(address: str) -> str:
    return salted_hmac("communs.people.attempts", address.lower(), algorithm="sha256").hexdigest()
