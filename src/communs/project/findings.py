"""How the installation is: each question answered `ok`, `warning` or `error`, with what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificates
from django.apps import apps
from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from communs.core.communities.models import Community
from communs.core.communities.owned import History, owned_models
from communs.core.communities.scope import across, within
from communs.core.communities.walls import PREFIX
from communs.core.files import scanners
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.jobs.queries import late
from communs.core.journal.models import Chain, Event, Seal, Undelivered
from communs.core.privacy.queries import controllers_missing
from communs.core.registry.queries import services, where_on
from communs.project.backups import keeping
from communs.project.prepare import all_folders
from communs.project.routing import REPLICA, watch

OK, WARNING, ERROR = "ok", "warning", "error"
_GIGABYTE = 1_000_000_000
_SOON = timedelta(minutes=5)
_FRESH = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: about what, how bad, in a sentence that says what to do."""

    about: str
    level: str
    sentence: str


Answer = Iterator[tuple[str, str]]
Question = Callable[[datetime], Answer]


def database(_at: datetime) -> Answer:
    """Tell whether the database answers, and which it is."""
    with connection.cursor() as cursor:
        asked = {"sqlite": "SELECT sqlite_version()", "postgresql": "SHOW server_version"}
        cursor.execute(asked[connection.vendor])
        facts = {"name": connection.display_name, "version": cursor.fetchone()[0]}
    yield OK, _("%(name)s %(version)s answers.") % facts


def migrations(_at: datetime) -> Answer:
    """Tell whether tables are those of this version."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield ERROR, _("Tables are of an older version: run “communs prepare --empty”.")
    else:
        yield OK, _("Tables are up to date.")


def walls(_at: datetime) -> Answer:
    """Tell whether the database itself keeps communities apart."""
    missing = sorted(_guards_wanted() - _guards_standing())
    if missing:
        sentence = ngettext(
            "%(num)d wall is missing (%(name)s): run “communs migrate”.",
            "%(num)d walls are missing (%(name)s): run “communs migrate”.",
            len(missing),
        )
        yield ERROR, sentence % {"num": len(missing), "name": missing[0]}
    else:
        yield OK, _("The walls between communities stand.")


def role(_at: datetime) -> Answer:
    """Tell whether PostgreSQL's walls hold for the account that connects."""
    if connection.vendor != "postgresql":
        yield OK, _("SQLite: the walls stop writes; PostgreSQL’s stop reads too.")
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, bool_or(rolsuper OR rolbypassrls) FROM pg_roles"
            " WHERE rolname IN (session_user, current_user)"
        )
        name, passes = cursor.fetchone()
    if passes:
        yield ERROR, _("The account of DATABASE_URL passes every wall: take one that may not.")
    elif name != settings.COMMUNS_DATABASE_ROLE:
        yield ERROR, _("Pages do not read as %s: check COMMUNS_DATABASE_ROLE.") % name
    else:
        yield OK, _("Pages read and write as %s.") % name


def replica(_at: datetime) -> Answer:
    """Tell whether the copy that visitors read keeps up."""
    if REPLICA not in connections:
        return
    if watch.is_well():
        yield OK, _("The replica keeps up.")
    else:
        yield WARNING, _("The replica lags or does not answer: the database is read instead.")


def worker(at: datetime) -> Answer:
    """Tell whether anybody does what waits."""
    jobs = late(at=at)
    with across("the health of the installation looks at what waits"):
        events = Event.everywhere.filter(position=None, at__lt=at - _SOON).count()
    if jobs:
        sentence = ngettext(
            "%d job waits: start “communs work”.", "%d jobs wait: start “communs work”.", jobs
        )
        yield WARNING, sentence % jobs
    if events:
        sentence = ngettext(
            "%d event waits: start “communs work”.", "%d events wait: start “communs work”.", events
        )
        yield WARNING, sentence % events
    if not jobs and not events:
        yield OK, _("Nothing waits for a worker.")


def given_up(_at: datetime) -> Answer:
    """Tell how many jobs were tried to no avail."""
    with across("the health of the installation counts what was given up"):
        jobs = Job.everywhere.filter(state=JobState.DEAD).count()
    if jobs:
        sentence = ngettext(
            "%d job was given up: look at its reason.",
            "%d jobs were given up: look at their reasons.",
            jobs,
        )
        yield WARNING, sentence % jobs
    else:
        yield OK, _("No job was given up.")


def undelivered(_at: datetime) -> Answer:
    """Tell how many events some listener could not take."""
    with across("the health of the installation counts what did not arrive"):
        told = Undelivered.everywhere.count()
    if told:
        sentence = ngettext(
            "%d event did not reach a listener.", "%d events did not reach a listener.", told
        )
        yield WARNING, sentence % told
    else:
        yield OK, _("Every event reached its listeners.")


def journal(at: datetime) -> Answer:
    """Tell whether every event of two days ago or before is under a seal."""
    with across("the health of the installation looks at the journals' ends"):
        last = Seal.everywhere.filter(community=OuterRef("community")).order_by("-position")
        left = Event.everywhere.filter(
            community=OuterRef("community"),
            position__gt=Coalesce(OuterRef("sealed"), 0),
            at__lt=at - timedelta(days=2),
        )
        chains = Chain.everywhere.annotate(sealed=Subquery(last.values("position")[:1]))
        behind = chains.filter(Exists(left.order_by())).order_by().count()
        total = Chain.everywhere.count()
    if behind:
        sentence = ngettext(
            "%(num)d journal is not sealed: is a worker running at night?",
            "%(num)d journals are not sealed: is a worker running at night?",
            behind,
        )
        yield WARNING, sentence % {"num": behind}
    else:
        yield OK, _("Journals sealed, or too young to be: %d.") % total


def backup(at: datetime) -> Answer:
    """Tell how old the last backup is."""
    last = keeping.last()
    if last is None:
        yield WARNING, _("No backup was made from here: run “communs backup FOLDER”.")
    elif at - last.at > _FRESH:
        hours = int((at - last.at).total_seconds() // 3600)  # 36 at least
        yield WARNING, _("The last backup is %d hours old: run “communs backup FOLDER”.") % hours
    else:
        yield (
            OK,
            _("Last backup: %(at)s, %(path)s.") % {"at": last.at.isoformat(), "path": last.path},
        )


def disk(_at: datetime) -> Answer:
    """Tell whether there is room where data lie."""
    free = shutil.disk_usage(settings.COMMUNS_DATA).free
    facts = {"free": number_format(round(free / _GIGABYTE, 1), 1)}
    if free < _GIGABYTE // 5:
        yield ERROR, _("Only %(free)s GB are free on the disk of COMMUNS_DATA: make room.") % facts
    elif free < _GIGABYTE * 2:
        yield WARNING, _("%(free)s GB are free on the disk of COMMUNS_DATA: make room.") % facts
    else:
        yield OK, _("%(free)s GB are free on the disk of COMMUNS_DATA.") % facts


def prepared(_at: datetime) -> Answer:
    """Tell whether static files are collected and translations compiled."""
    stale = [
        source
        for folder in all_folders()
        for source in folder.glob("*/LC_MESSAGES/*.po")
        if not source.with_suffix(".mo").exists()
    ]
    collected = Path(settings.STATIC_ROOT).is_dir() or settings.WHITENOISE_USE_FINDERS
    if stale or not collected:
        yield WARNING, _("Static files or translations are not ready: run “communs prepare”.")
    else:
        yield OK, _("Static files and translations are ready.")


def mail(_at: datetime) -> Answer:
    """Tell whether messages can leave."""
    if not settings.EMAIL_HOST:
        yield WARNING, _("Messages are written to files: set COMMUNS_MAIL_URL.")
        return
    try:
        with get_connection():
            pass
    except OSError as error:
        facts = {"host": settings.EMAIL_HOST, "reason": error}
        yield ERROR, _("The mail server %(host)s does not answer (%(reason)s).") % facts
    else:
        yield OK, _("The mail server %s answers.") % settings.EMAIL_HOST


def antivirus(_at: datetime) -> Answer:
    """Tell whether somebody looks at the files that people send."""
    scanner = scanners.configured()
    if scanner is None:
        yield WARNING, _("No antivirus looks at files: set COMMUNS_CLAMD.")
        return
    try:
        scanner.ping()
    except scanners.ScannerUnavailable as error:
        yield ERROR, _("The antivirus does not answer (%s).") % error
    else:
        yield OK, _("The antivirus answers.")


def exposure(_at: datetime) -> Answer:
    """Tell what must not be open to others."""
    public = settings.SECURE and Community.objects.filter(demonstration=True).exists()
    if settings.DEBUG:
        yield ERROR, _("COMMUNS_DEBUG shows the inside to everybody: set it to false.")
    if public:
        yield ERROR, _("The demonstration’s accounts are known to everybody: do not open it.")
    if not settings.SECURE:
        yield WARNING, _("Cookies travel in clear: set COMMUNS_HTTPS behind a proxy.")
    elif not settings.DEBUG and not public:
        yield OK, _("Cookies travel over https only.")


def certificates(at: datetime) -> Answer:
    """Tell whether the time-stamping authority's certificates still hold."""
    chosen = settings.COMMUNS_TSA_CERTIFICATES
    if not chosen:
        return
    try:
        found = load_pem_x509_certificates(Path(chosen).read_bytes())
    except (OSError, ValueError) as error:
        yield ERROR, _("COMMUNS_TSA_CERTIFICATES cannot be read (%s).") % error
        return
    end = min(one.not_valid_after_utc for one in found)
    level = WARNING if end - at < timedelta(days=30) else OK
    yield level, _("The time stamps’ certificates hold until %s.") % end.date()


def running(_at: datetime) -> Answer:
    """Tell what services say of themselves, wherever they are on."""
    for service in services():
        for place in where_on(service):
            with within(place):
                for one in service.check():
                    yield one.level, f"{service.title} ({place}) : {one.sentence}"


# Without these no page can be trusted: /sante answers 503.
def protection(_at: datetime) -> Answer:
    """Tell whether each community that works has said whom to ask about data."""
    missing = controllers_missing()
    if missing:
        sentence = ngettext(
            "%(num)d community does not say whom to ask about personal data: see its settings.",
            "%(num)d communities do not say whom to ask about personal data: see their settings.",
            missing,
        )
        yield WARNING, sentence % {"num": missing}
    else:
        yield OK, _("Whom to ask about personal data is said everywhere.")


GRAVE: tuple[tuple[Promise, Question], ...] = (
    (gettext_lazy("Database"), database),
    (gettext_lazy("Tables"), migrations),
    (gettext_lazy("Walls"), walls),
    (gettext_lazy("Role"), role),
)
OTHERS: tuple[tuple[Promise, Question], ...] = (
    (gettext_lazy("Replica"), replica),
    (gettext_lazy("Worker"), worker),
    (gettext_lazy("Abandoned work"), given_up),
    (gettext_lazy("Events"), undelivered),
    (gettext_lazy("Journal"), journal),
    (gettext_lazy("Backup"), backup),
    (gettext_lazy("Disk"), disk),
    (gettext_lazy("Files to serve"), prepared),
    (gettext_lazy("Mail"), mail),
    (gettext_lazy("Antivirus"), antivirus),
    (gettext_lazy("Exposure"), exposure),
    (gettext_lazy("Certificates"), certificates),
    (gettext_lazy("Data protection"), protection),
    (gettext_lazy("Services"), running),
)


def findings(
    *, at: datetime, questions: tuple[tuple[Promise, Question], ...] = GRAVE + OTHERS
) -> list[Found]:
    """Ask every question; where the database does not answer, the rest is not asked."""
    told: list[Found] = []
    for about, question in questions:
        try:
            told += [Found(str(about), level, sentence) for level, sentence in question(at)]
        except DatabaseError as error:
            reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
            told.append(Found(str(about), ERROR, _("The database refuses: %s") % reason))
            break
    return told


def worst(found: list[Found]) -> str:
    """Give the worst level among these."""
    return max((one.level for one in found), key=[OK, WARNING, ERROR].index, default=OK)


def _guards_wanted() -> set[str]:
    wanted = set()
    for model in owned_models(apps):
        table = model._meta.db_table
        kept = ("keep_update", "keep_delete") if issubclass(model, History) else ()
        wanted |= {f"{table}.{name}" for name in (*("insert", "update", "delete"), *kept)}
    return wanted


def _guards_standing() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(_STANDING)
        found = cursor.fetchall()
    return {
        f"{table}.{name.removeprefix(PREFIX).removeprefix(table + '_')}" for table, name in found
    }


_STANDING = """
SELECT p.tablename, p.policyname FROM pg_policies p
  JOIN pg_class c ON c.oid = format('%I.%I', p.schemaname, p.tablename)::regclass
 WHERE p.schemaname = current_schema() AND c.relrowsecurity AND c.relforcerowsecurity
UNION ALL
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace
"""
