"""Work for later is kept, done once at a time, tried again, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs import keeping, queries
from communs.core.jobs import worker as workers
from communs.core.jobs.enums import JobState
from communs.core.jobs.models import Job
from communs.core.jobs.worker import Worker, free_the_misdated
from communs.core.kit.errors import NoCommunity
from tests.core.jobs import work

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, metropolis: Community) -> Iterator[None]:
    """Only the tests' own jobs, and no pulse."""
    monkeypatch.setattr(workers, "pulses", [])
    work.done.clear()
    yield
    work.done.clear()


@pytest.fixture
def worker() -> Worker:
    return Worker()


def state(job_id: str, *facts: str) -> dict[str, Any]:
    return Job.objects.values(*facts).get(pk=job_id)


def turn(worker: Worker, *, after: timedelta = SOON) -> int:
    return worker.turn(at=timezone.now() + after)


def test_a_job_is_done_in_the_community_that_asked(worker: Worker, antony: Community) -> None:
    with within(antony):
        asked = work.note.enqueue("bonjour")
    assert turn(worker) == 1
    assert work.done == [("bonjour", "antony")]
    with within(antony):
        answer = work.note.get_result(asked.id)
    assert (answer.status, answer.return_value) == (TaskResultStatus.SUCCESSFUL, "BONJOUR")
    assert turn(worker) == 0


def test_another_community_does_not_see_the_job(antony: Community, sceaux: Community) -> None:
    with within(antony):
        work.note.enqueue("x")
        assert queries.counts() == {"waiting": 1, "running": 0, "done": 0, "dead": 0}
    with within(sceaux):
        assert queries.counts() == {"waiting": 0, "running": 0, "done": 0, "dead": 0}


def test_work_asked_outside_a_community_is_refused() -> None:
    with pytest.raises(NoCommunity):
        work.note.enqueue("x")


def test_what_is_undone_asks_for_nothing(antony: Community, worker: Worker) -> None:
    with within(antony), transaction.atomic():
        work.note.enqueue("x")
        transaction.set_rollback(True)
    assert turn(worker) == 0


def test_a_failure_is_tried_again_later_each_time_then_given_up(
    antony: Community, worker: Worker
) -> None:
    with within(antony):
        asked = work.fail.enqueue("no paper")
        pauses = []
        for _attempt in range(2):
            turn(worker, after=timedelta(hours=1))
            row = Job.objects.get(pk=asked.id)
            assert (row.state, row.reason) == (JobState.WAITING, "ValueError: no paper")
            pauses.append(round((row.due_at - timezone.now()).total_seconds()))
        assert pauses == [10, 20]
        turn(worker, after=timedelta(hours=1))
        assert state(asked.id, "state", "attempts", "reason") == {
            "state": "dead",
            "attempts": 3,
            "reason": "ValueError: no paper",
        }
        assert turn(worker, after=timedelta(days=1)) == 0


def test_a_job_given_up_can_be_tried_again(antony: Community, worker: Worker) -> None:
    with within(antony):
        asked = work.fail.enqueue("x")
        Job.objects.update(attempts=2)
        turn(worker)
        job = Job.objects.get(pk=asked.id)
        assert job.state == JobState.DEAD
        assert keeping.try_again(job, at=timezone.now())
        assert not keeping.try_again(job, at=timezone.now())
        assert state(asked.id, "state", "attempts", "ended_at") == {
            "state": "waiting",
            "attempts": 0,
            "ended_at": None,
        }


def test_two_workers_never_take_the_same_job(antony: Community) -> None:
    with within(antony):
        for number in range(30):
            work.note.enqueue(str(number))
    at = timezone.now() + SOON
    first, second = Worker(), Worker()
    second.name = "other"
    taken = [job.pk for _ in range(20) for w in (first, second) if (job := w.take(at=at))]
    assert len(taken) == len(set(taken)) == 30


def test_a_job_seen_by_two_workers_is_won_by_one(antony: Community) -> None:
    with within(antony):
        work.note.enqueue("x")
        at = timezone.now() + SOON
        seen = Job.objects.get(), Job.objects.get()
        assert [Worker()._win(job, at) for job in seen] == [True, False]


def test_the_job_of_a_dead_worker_is_taken_by_another(antony: Community, worker: Worker) -> None:
    with within(antony):
        work.wait.enqueue()
    dead = Worker()
    dead.name = "dead"
    at = timezone.now() + SOON
    assert dead.take(at=at)
    assert worker.take(at=at + timedelta(seconds=29)) is None
    assert turn(worker, after=timedelta(seconds=40)) == 1
    assert work.done == ["waited"]


def test_a_worker_that_lost_its_job_does_not_end_it(antony: Community, worker: Worker) -> None:
    with within(antony):
        asked = work.note.enqueue("x")
        slow = Worker()
        slow.name = "slow"
        at = timezone.now() + SOON
        job = slow.take(at=at)
        assert worker.take(at=at + timedelta(hours=1))
        slow._end(job, state=JobState.DEAD, reason="late")
        assert state(asked.id, "state", "worker") == {"state": "running", "worker": worker.name}


def test_a_job_that_kills_its_workers_is_given_up(antony: Community, worker: Worker) -> None:
    with within(antony):
        asked = work.fail.enqueue("x")
        Job.objects.update(attempts=3)
        turn(worker)
        assert state(asked.id, "state", "reason") == {
            "state": "dead",
            "reason": "GaveUp: Its worker stopped 3 times without an answer.",
        }


def test_a_task_that_is_gone_is_given_up_with_its_name(antony: Community, worker: Worker) -> None:
    with within(antony):
        for path in ("communs.gone", "os.system", "communs.core.jobs.models.Job"):
            Job.objects.create(task=path, due_at=timezone.now())
    assert [turn(worker) for _ in range(4)] == [1, 1, 1, 0]
    with within(antony):
        assert set(Job.objects.values_list("state", "reason")) == {
            ("dead", "There is no task communs.gone."),
            ("dead", "There is no task os.system."),
            ("dead", "There is no task communs.core.jobs.models.Job."),
        }


def test_a_long_job_tells_how_far_it_is(antony: Community, worker: Worker) -> None:
    with within(antony):
        asked = work.count.enqueue(7)
        turn(worker)
        assert state(asked.id, "steps_done", "steps", "state") == {
            "steps_done": 7,
            "steps": 7,
            "state": "done",
        }


def test_what_is_urgent_goes_first_and_what_is_for_later_waits(
    antony: Community, worker: Worker
) -> None:
    with within(antony):
        work.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
        work.note.enqueue("now")
        work.hurry.enqueue()
    assert [turn(worker) for _ in range(3)] == [1, 1, 0]
    assert work.done == ["hurried", ("now", "antony")]
    assert turn(worker, after=timedelta(hours=2)) == 1


@pytest.mark.parametrize("name", ["a:1:1", "a:2:2", "a:3:3", "a:4:4"])
def test_what_is_urgent_goes_first_however_long_the_queue(
    antony: Community, worker: Worker, name: str
) -> None:
    worker.name = name
    with within(antony):
        for number in range(60):
            work.note.enqueue(str(number))
        work.hurry.enqueue()
    turn(worker)
    assert work.done == ["hurried"]


def test_a_clock_put_back_holds_no_job_up(antony: Community, worker: Worker) -> None:
    with within(antony):
        work.note.enqueue("x")
        wrong = timezone.now() + timedelta(days=3653)
        Job.objects.update(asked_at=wrong, due_at=wrong)
        work.note.using(run_after=wrong).enqueue("truly later")
    assert turn(worker) == 0
    assert free_the_misdated(at=timezone.now()) == 1
    assert [turn(worker), turn(worker)] == [1, 0]


def test_finished_jobs_go_after_a_month(antony: Community) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    with within(antony):
        for days, kept in ((31, JobState.DONE), (29, JobState.DONE), (99, JobState.WAITING)):
            Job.objects.create(task="x", state=kept, due_at=at, ended_at=at - timedelta(days=days))
        Job.objects.create(
            task="x", slot="routine", state="done", due_at=at, ended_at=at - timedelta(days=4)
        )
        assert keeping.let_go(at=at) == 2
        assert set(Job.objects.values_list("state", flat=True)) == {"done", "waiting"}


def test_taking_a_job_costs_the_same_however_many_wait(
    antony: Community, worker: Worker, django_assert_num_queries: Any
) -> None:
    with within(antony):
        for _ in range(40):
            work.note.enqueue("x")
    with django_assert_num_queries(2, exact=False) as few:
        worker.take(at=timezone.now() + SOON)
    assert len(few) == 2
