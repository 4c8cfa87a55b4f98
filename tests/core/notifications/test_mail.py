"""E-mails leave through a real mail server, once, whatever it answers."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from communs.core.notifications import letters, queries, sending
from communs.core.notifications.models import Notification, Sending
from communs.core.people.models import Person
from tests.core.notifications.conftest import AT, send_all
from tests.core.notifications.post_office import CUT, PostOffice, certificate, opened

pytestmark = pytest.mark.django_db
Tell = Callable[..., list[Notification]]
STATE = ("state", "attempts", "reason", "sent_at")


@pytest.fixture
def office(settings: Any) -> Iterator[PostOffice]:
    with opened() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.COMMUNS_URL = "https://communs.example"
        settings.DEFAULT_FROM_EMAIL = "Communs <no-reply@communs.example>"
        yield found


def state() -> tuple[Any, ...]:
    return Sending.objects.values_list(*STATE).get()


def test_a_letter_says_what_is_new_where_it_is_read_and_how_to_stop_it(
    office: PostOffice, tell: Tell, wish: Any, lou: Person
) -> None:
    wish(lou, language="en")
    tell(lou)
    assert send_all() == ["sent"]
    (letter,) = office.letters
    row = Sending.objects.get()
    stop = letter["List-Unsubscribe"].strip(" <>")
    assert letter["Subject"] == "Antony — A plot is free in Les Blagis"
    assert letter["To"] == "lou@example.org"
    assert letter["Message-ID"] == f"<{row.pk.hex}@communs.example>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == (
        "A plot is free in Les Blagis\nAnswer within a week.\n"
        "https://communs.example/en/antony/services/\n\n"
        f"-- \nAntony\nTo stop these messages: {stop}\n"
        "All your choices: https://communs.example/en/antony/compte/avis/reglages/\n"
    )
    assert state() == ("sent", 1, "", AT)


def test_a_letter_that_cannot_be_refused_says_why(
    office: PostOffice, tell: Tell, wish: Any, lou: Person
) -> None:
    wish(lou, language="en")
    tell(lou, notice="tried.legal")
    send_all()
    (letter,) = office.letters
    assert letter["List-Unsubscribe"] is None
    assert "You cannot switch this message off: Legal notice" in letter.get_content()


def test_a_title_of_two_lines_is_a_subject_of_one(
    office: PostOffice, tell: Tell, lou: Person
) -> None:
    (row,) = tell(lou)
    row.data = {"garden": "Les\nBlagis"}
    row.save()
    assert send_all() == ["sent"]
    assert office.letters[0]["Subject"].endswith("Les Blagis")


def test_what_was_sent_is_not_sent_again(office: PostOffice, tell: Tell, lou: Person) -> None:
    tell(lou)
    key = Sending.objects.get().pk
    assert [sending.send(key, at=AT), sending.send(key, at=AT)] == ["sent", ""]
    assert len(office.letters) == 1


def test_not_now_is_tried_again_then_accepted(office: PostOffice, tell: Tell, lou: Person) -> None:
    office.answers = ["451 busy"]
    tell(lou)
    with pytest.raises(smtplib.SMTPDataError):
        send_all()
    assert state() == ("failed", 1, "SMTPDataError", None)
    assert send_all() == ["sent"]
    assert (state(), len(office.letters)) == (("sent", 2, "", AT), 1)


def test_never_is_given_up_with_the_servers_words(
    office: PostOffice, tell: Tell, lou: Person
) -> None:
    office.answers = ["550 no such box"]
    tell(lou)
    assert send_all() == ["given_up"]
    assert state() == ("given_up", 1, "SMTPDataError 550 no such box", None)
    assert (send_all(), queries.given_up()) == ([], 1)


def test_not_now_eight_times_is_given_up(office: PostOffice, tell: Tell, lou: Person) -> None:
    office.answers = ["451 busy"] * 8
    tell(lou)
    for _attempt in range(7):
        with pytest.raises(smtplib.SMTPDataError):
            send_all()
    assert send_all() == ["given_up"]
    assert state() == ("given_up", 8, "SMTPDataError", None)


def test_a_line_cut_after_the_letter_sends_the_same_letter_again(
    office: PostOffice, tell: Tell, lou: Person
) -> None:
    office.answers = [CUT]
    tell(lou)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send_all()
    assert send_all() == ["sent"]
    first, second = (letter["Message-ID"] for letter in office.letters)
    assert first == second


def test_nobody_at_the_server_is_waited_for(
    office: PostOffice, tell: Tell, lou: Person, settings: Any
) -> None:
    settings.EMAIL_PORT = 1
    tell(lou)
    with pytest.raises(ConnectionRefusedError):
        send_all()
    assert state() == ("failed", 1, "ConnectionRefusedError", None)


def test_a_letter_travels_encrypted_where_the_server_asks_for_it(
    tell: Tell, lou: Person, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with opened(context) as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", office.port
        settings.EMAIL_USE_TLS = True
        tell(lou)
        assert send_all() == ["sent"]
    assert office.encrypted == [True]


def test_the_link_of_a_letter_stops_its_notice_without_signing_in(
    office: PostOffice, tell: Tell, lou: Person, client: Client, here: object
) -> None:
    tell(lou)
    send_all()
    link = (
        office.letters[0]["List-Unsubscribe"].strip(" <>").removeprefix("https://communs.example")
    )
    page = client.get(link)
    assert page.status_code == 200
    assert queries.preferences_of(lou) == {}, "reading the page changes nothing"
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert queries.preferences_of(lou) == {("tried.plain", "email"): False}


@pytest.mark.parametrize("token", ["x", "a:b:c"])
def test_a_link_that_we_did_not_sign_is_not_found(client: Client, db: None, token: str) -> None:
    assert client.get(f"/antony/compte/avis/arret/{token}/").status_code == 404


def test_a_link_of_one_community_does_nothing_in_another(
    client: Client, here: object, lou: Person
) -> None:
    token = letters.stop_token(lou.pk, "tried.plain")
    assert client.post(f"/antony/compte/avis/arret/{token}/").status_code == 200
    assert client.post(f"/sceaux/compte/avis/arret/{token}/").status_code == 404


def test_what_the_law_asks_for_is_not_stopped_by_a_link(
    client: Client, here: object, lou: Person
) -> None:
    token = letters.stop_token(lou.pk, "tried.legal")
    assert client.post(f"/antony/compte/avis/arret/{token}/").status_code == 404
