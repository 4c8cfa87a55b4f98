"""The journal, the tasks and the space of a community, as its administrator sees them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.jobs.worker import Worker
from communs.core.journal import evidence
from communs.core.journal.actions import action, record
from communs.core.journal.delivery import deliver
from communs.core.journal.enums import Delivery
from communs.core.journal.models import Event, Undelivered
from communs.core.journal.sealing import seal_day
from communs.core.people.models import Person
from communs.core.web.actions import set_look
from tests import pages

pytestmark = pytest.mark.django_db

START = "/en/antony/reglages/"
JOURNAL = f"{START}journal/"
JOBS = f"{START}taches/"
MEGA = 1024 * 1024
PAGES = ["journal/", "taches/", "envois/", "fichiers/"]


@pytest.fixture
def stranger(db: None) -> Client:
    person = Person.objects.create_user("s@example.org", name="S")
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def looks(antony: Community, administrator: Person) -> int:
    """Sixty events, one of them by nobody; how many there are with the demonstration's."""
    with within(antony):
        for n in range(59):
            set_look(brand=f"#0b5b{n:02d}", warm="#b93d17", by=administrator)
        set_look(brand="#0b5b63", warm="#b93d17", by=None)
        return Event.objects.count()


def job(state: JobState, task: str = "communs.core.journal.jobs.seal", **facts: object) -> Job:
    row = Job(task=task, state=state, due_at=timezone.now(), **facts)
    row.save(force_insert=True)
    return row


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_see_these_pages(
    client: Client, stranger: Client, signed_in: Client, page: str
) -> None:
    assert client.get(f"{START}{page}").status_code == 302
    assert stranger.get(f"{START}{page}").status_code == 404
    assert signed_in.get(f"{START}{page}").status_code == 200


def test_events_are_in_words_and_come_fifty_by_fifty(looks: int, signed_in: Client) -> None:
    first = signed_in.get(JOURNAL)
    rows = pages.rows(first)[1:]
    assert len(rows) == 50
    assert rows[0][1].startswith("Colours chosen")
    assert (rows[0][2], rows[1][2]) == ("the site itself", "Administration d’Antony (fictive)")
    older = next(href for href in pages.links(first) if "before=" in href)
    second = signed_in.get(f"{JOURNAL}{older.replace('&amp;', '&')}")
    assert len(pages.rows(second)[1:]) == looks - 50


def test_facts_are_written_as_they_are_read(signed_in: Client, antony: Community) -> None:
    facts = {"on": True, "off": False, "count": 3, "word": "à vélo", "parts": {"a": [1, None]}}
    with within(antony):
        Event.objects.create(name="web.look_set", subject="x", data=facts)
    told = pages.text(signed_in.get(JOURNAL))
    for fact in ("on: yes", "off: no", "count: 3", "word: à vélo", 'parts: {"a": [1, null]}'):
        assert fact in told


def test_the_hour_of_the_last_seal_is_told(signed_in: Client, antony: Community) -> None:
    with within(antony):
        Event.objects.create(name="web.look_set", subject="x")
        deliver(timezone.now())
        seal_day(day=date(2026, 6, 1), at=datetime(2026, 6, 2, 10, 30, tzinfo=UTC))
    assert "Last sealed: 2 June 2026, 12:30" in pages.text(signed_in.get(JOURNAL))


def test_another_communitys_events_are_not_there(looks: int, manager: Person) -> None:
    client = Client()
    client.force_login(manager)
    assert "Colours chosen" not in pages.text(client.get("/en/reglages/journal/"))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("person=ANTONY@demo.example", 50),
        ("person=Administration", 50),
        ("person=nobody", 0),
        ("name=web.look_set", 50),
        ("subject=communities.community", 50),
        ("subject=zzz", 0),
        ("first=2999-01-01", 0),
        ("last=2018-11-27", 0),
    ],
)
def test_a_search_keeps_what_answers(looks: int, signed_in: Client, query: str, count: int) -> None:
    response = signed_in.get(f"{JOURNAL}?{query}")
    assert response.status_code == 200
    assert max(len(pages.rows(response)) - 1, 0) == count


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("first=yesterday", "27/11/2018"),
        ("first=2026-02-02&last=2026-02-01", "The last day comes before the first."),
        ("name=nothing.done", "valid choice"),
    ],
)
def test_a_search_that_makes_no_sense_is_named(
    signed_in: Client, query: str, sentence: str
) -> None:
    response = signed_in.get(f"{JOURNAL}?{query}")
    assert response.status_code == 422
    assert sentence in pages.text(response)


def test_the_journal_taken_out_is_whole_and_says_that_it_was(
    looks: int, signed_in: Client, antony: Community
) -> None:
    deliver(timezone.now())
    response = signed_in.post(f"{JOURNAL}export/")
    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="journal-antony'
    )
    checker = evidence.check_lines(io.BytesIO(b"".join(response.streaming_content)))
    with within(antony):
        assert (checker.wrong, checker.events) == ([], Event.objects.count() - 1)
        assert Event.objects.latest("id").name == "web.journal_exported"
    assert signed_in.get(f"{JOURNAL}export/").status_code == 405


def test_the_journal_is_checked_by_a_task_whose_page_says_the_result(
    looks: int, signed_in: Client
) -> None:
    deliver(timezone.now())
    address = signed_in.post(f"{JOURNAL}verification/").headers["Location"]
    assert "Waiting" in pages.text(signed_in.get(address))
    Worker().turn(at=timezone.now())
    said = pages.text(signed_in.get(address))
    assert f"The journal is whole: {looks} events, 0 seals." in said


def test_the_part_that_moves_is_sent_once(signed_in: Client, antony: Community) -> None:
    with within(antony):
        row = job(JobState.RUNNING, steps=10, steps_done=4)
    address, htmx = f"{JOBS}{row.pk}/", {"HX-Request": "true", "HX-Target": "progress"}
    whole = signed_in.get(address)
    assert 'hx-trigger="every 2s"' in whole.content.decode()
    part = signed_in.get(address, headers=htmx)
    assert "<html" not in part.content.decode()
    assert "4 of 10" in pages.text(part)
    again = {"If-None-Match": part.headers["ETag"]}
    assert signed_in.get(address, headers=htmx | again).status_code == 304
    with within(antony):
        Job.objects.update(steps_done=5)
    assert signed_in.get(address, headers=htmx | again).status_code == 200
    with within(antony):
        Job.objects.update(state=JobState.DONE)
    assert "hx-get" not in signed_in.get(address, headers=htmx).content.decode()


def test_whoever_asked_sees_how_far_their_task_is_and_decides_nothing(
    stranger: Client, antony: Community, sceaux: Community
) -> None:
    key = UUID(stranger.session["_auth_user_id"])
    with within(antony):
        mine, other = job(JobState.DEAD, asked_by=key, reason="boom"), job(JobState.DEAD)
    assert "boom" in pages.text(stranger.get(f"{JOBS}{mine.pk}/"))
    assert stranger.post(f"{JOBS}{mine.pk}/", {"action": "retry"}).status_code == 404
    assert stranger.get(f"{JOBS}{other.pk}/").status_code == 404
    assert stranger.get(f"/en/sceaux/reglages/taches/{mine.pk}/").status_code == 404


def test_the_last_page_is_given_once_tasks_have_gone(signed_in: Client, antony: Community) -> None:
    with within(antony):
        Job.objects.all().delete()
        row = job(JobState.WAITING)
    said = signed_in.get(f"{JOBS}?etat=waiting&page=2")
    assert f"{JOBS}{row.pk}/" in said.content.decode()
    assert signed_in.get(f"{JOBS}?page=two").status_code == 404


def test_tasks_are_listed_by_state(signed_in: Client, antony: Community) -> None:
    with within(antony):
        Job.objects.all().delete()
        job(JobState.DEAD)
        job(JobState.WAITING, task="communs.core.web.jobs.check_journal")
    rows = pages.rows(signed_in.get(JOBS))[1:]
    assert [row[0] for row in rows] == ["Check the journal", "Seal the journal of the day"]
    rows = pages.rows(signed_in.get(f"{JOBS}?etat=dead"))[1:]
    assert [row[:2] for row in rows] == [["Seal the journal of the day", "Given up"]]
    assert signed_in.get(f"{JOBS}?etat=lost").status_code == 404


def test_a_task_given_up_is_tried_again_or_dropped_and_the_journal_says_so(
    signed_in: Client, antony: Community
) -> None:
    with within(antony):
        row = job(JobState.DEAD, attempts=8, reason="boom")
    signed_in.post(f"{JOBS}{row.pk}/", {"action": "retry"})
    with within(antony):
        row.refresh_from_db()
        assert (row.state, row.attempts) == (JobState.WAITING, 0)
        assert Event.objects.latest("id").name == "web.job_retried"
    assert signed_in.post(f"{JOBS}{row.pk}/", {"action": "retry"}).status_code == 409
    signed_in.post(f"{JOBS}{row.pk}/", {"action": "drop"})
    with within(antony):
        assert not Job.objects.filter(pk=row.pk).exists()
        assert Event.objects.latest("id").name == "web.job_dropped"
    assert signed_in.post(f"{JOBS}{row.pk}/", {"action": "drop"}).status_code == 404


def test_a_task_at_work_is_not_dropped(signed_in: Client, antony: Community) -> None:
    with within(antony):
        row = job(JobState.RUNNING)
    assert signed_in.post(f"{JOBS}{row.pk}/", {"action": "drop"}).status_code == 409
    with within(antony):
        assert Job.objects.filter(pk=row.pk).exists()


@action("test.done")
def _do(*, by: object) -> None:
    record("thing:1")


def test_an_event_not_handed_on_is_tried_again_or_dropped(
    signed_in: Client, antony: Community
) -> None:
    with within(antony):
        _do(by=None)
        event = Event.objects.latest("id")
        facts = {"event": event, "due_at": timezone.now(), "reason": "ValueError: boom"}
        row = Undelivered.objects.create(listener="a.b", state=Delivery.DEAD, attempts=8, **facts)
    page = signed_in.get(f"{START}envois/")
    assert "ValueError: boom" in pages.text(page)
    signed_in.post(f"{START}envois/", {"action": f"retry:{row.pk}"})
    with within(antony):
        row.refresh_from_db()
    assert (row.state, row.attempts) == (Delivery.WAITING, 0)
    assert signed_in.post(f"{START}envois/", {"action": f"retry:{row.pk}"}).status_code == 409
    signed_in.post(f"{START}envois/", {"action": f"drop:{row.pk}"})
    with within(antony):
        assert not Undelivered.objects.exists()
    for wrong in (f"drop:{row.pk}", "drop:x", ""):
        assert signed_in.post(f"{START}envois/", {"action": wrong}).status_code == 404


def test_files_are_counted_by_use_against_what_they_may_take(
    signed_in: Client, antony: Community, settings: object
) -> None:
    settings.COMMUNS_FILES_QUOTA = 8 * 1024 * 1024
    now = timezone.now()
    facts = {"kind": "pdf", "at": now, "expires_at": now + timedelta(days=1)}
    with within(antony):
        for size, state in ((MEGA, State.CLEAN), (MEGA, State.CLEAN), (9, State.EXPIRED)):
            StoredFile.objects.create(
                purpose="gone.use", size=size, sha256="0" * 64, state=state, **facts
            )
    response = signed_in.get(f"{START}fichiers/")
    assert pages.rows(response)[1:] == [["gone.use", "2", "2 MB"]]
    assert "25 %" in pages.text(response)
