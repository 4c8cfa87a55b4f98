"""Letters of accounts are jobs: pages wait for no mail server, and time tells no address apart."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.jobs import worker as workers
from communs.core.jobs.models import Job
from communs.core.jobs.worker import Worker
from communs.core.people import jobs, mail
from communs.core.people.letters import Letter
from communs.core.people.models import Person

pytestmark = pytest.mark.django_db
ASK = "/en/antony/compte/connexion/"
LETTER = Letter("your code", "1234-5678")


@pytest.fixture(autouse=True)
def post_at_once() -> None:
    """Here the queue itself is looked at."""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    made = Worker()  # first: it finds the tasks, and with them the pulses
    monkeypatch.setattr(workers, "pulses", [])
    return made


def posted() -> list[Job]:
    return list(Job.objects.filter(task=jobs.post.module_path).order_by("id"))


def test_known_and_unknown_addresses_queue_the_same_work(
    resident: Person, antony: Community
) -> None:
    for email in (resident.email, "nobody@example.org"):
        Client().post(ASK, {"login": email})
    assert django_mail.outbox == []
    with within(antony):
        known, unknown = posted()
    assert len(known.args[0]) - len(unknown.args[0]) in range(-40, 41)
    assert (known.priority, unknown.priority) == (50, 50)


def test_a_letter_leaves_with_the_worker_and_one_to_nobody_does_not(
    resident: Person, worker: Worker
) -> None:
    for email in (resident.email, "nobody@example.org"):
        Client().post(ASK, {"login": email})
    soon = timezone.now() + timedelta(seconds=1)
    assert [worker.turn(at=soon) for _turn in range(3)] == [1, 1, 0]
    assert [letter.to for letter in django_mail.outbox] == [[resident.email]]


def test_the_queue_reads_neither_code_nor_address(antony: Community) -> None:
    with within(antony):
        mail.send(LETTER, to="lou@example.org")
        (job,) = posted()
    assert "1234" not in str(job.args)
    assert "lou" not in str(job.args)


def test_without_a_community_a_letter_leaves_at_once(db: None) -> None:
    mail.send(LETTER, to="lou@example.org")
    (letter,) = django_mail.outbox
    assert (letter.subject, letter.body, letter.to) == (
        "your code",
        "1234-5678",
        ["lou@example.org"],
    )


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (smtplib.SMTPDataError(550, b"no such box"), "550 no such box"),
        (smtplib.SMTPRecipientsRefused({"a": (553, b"never")}), "553 never"),
        (smtplib.SMTPRecipientsRefused({"a": (553, b"never"), "b": (450, b"later")}), ""),
        (smtplib.SMTPDataError(451, b"later"), ""),
        (smtplib.SMTPAuthenticationError(535, b"who are you"), ""),
        (smtplib.SMTPServerDisconnected(), ""),
        (ConnectionRefusedError(), ""),
    ],
)
def test_only_the_last_word_of_a_server_ends_the_tries(
    answer: Exception, word: str, antony: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_sealed: str) -> None:
        raise answer

    monkeypatch.setattr(mail, "deliver", refuse)
    assert mail.refusal(answer) == word
    if word:
        jobs.post.call("sealed")
    else:
        with pytest.raises(type(answer)):
            jobs.post.call("sealed")


def test_a_server_that_is_down_is_tried_again(
    resident: Person, worker: Worker, settings: Any, antony: Community
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    Client().post(ASK, {"login": resident.email})
    soon = timezone.now() + timedelta(seconds=1)
    worker.turn(at=soon)
    with within(antony):
        (job,) = posted()
    assert (job.state, job.attempts) == ("waiting", 1)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    worker.turn(at=soon + timedelta(minutes=1))
    assert [letter.to for letter in django_mail.outbox] == [[resident.email]]
