"""People are told once, in their language, by the ways they chose."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.journal.models import Event
from communs.core.notifications import actions, hours, notices, queries
from communs.core.notifications.enums import Channel
from communs.core.notifications.models import Notification, Sending
from communs.core.notifications.notices import Notice
from communs.core.notifications.questions import TEXTS
from communs.core.notifications.wording import words_of
from communs.core.people.models import Person
from communs.core.privacy.actions import withdraw_consent
from tests.core.notifications.conftest import AT, waiting

pytestmark = pytest.mark.django_db
Tell = Callable[..., list[Notification]]
Wish = Callable[..., None]


def sent_by() -> list[tuple[str, str, bool]]:
    """Whom each message is for, by which way, and whether it waits for others."""
    rows = Sending.objects.order_by("id").values_list(
        "notification__person__name", "channel", "together"
    )
    return list(rows)


def test_news_is_told_once_however_often_it_is_heard(tell: Tell, lou: Person, pat: Person) -> None:
    assert [row.person for row in tell(lou)] == [lou]
    assert tell(lou) == []
    assert [row.person for row in tell(lou, pat)] == [pat]
    assert queries.unread_count(lou) == 1
    assert [job.args for job in waiting()] == [
        [str(row.pk)] for row in Sending.objects.order_by("id")
    ]


def test_telling_is_one_event_that_names_no_word_of_it(tell: Tell, lou: Person) -> None:
    tell(lou)
    event = Event.objects.get(name="notifications.notified")
    assert (event.subject, event.actor) == ("tried:1", None)
    assert event.data == {"notice": "tried.plain", "people": [str(lou.pk)]}


def test_words_are_the_readers_and_lead_to_the_page(tell: Tell, lou: Person) -> None:
    (row,) = tell(lou)
    with override("en"):
        words = words_of(row)
    assert (words.title, words.text, words.href) == (
        "A plot is free in Les Blagis",
        "Answer within a week.",
        "/en/antony/services/",
    )


def test_a_notice_of_a_service_that_is_gone_is_still_listed(
    tell: Tell, lou: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = tell(lou)
    monkeypatch.setattr(notices, "_known", {})
    with override("en"):
        assert words_of(row).title == "A service that is no longer here told you something."


def test_a_page_that_is_gone_is_not_linked_to(tell: Tell, lou: Person) -> None:
    (row,) = tell(lou)
    row.route = "gone:page"
    assert words_of(row).href == ""


def test_an_undeclared_notice_is_a_mistake(here: Community, lou: Person) -> None:
    with pytest.raises(LookupError):
        actions.notify(notice="tried.none", people=[lou], subject="x", once="1", at=AT)


def test_data_that_lack_what_the_sentence_says_are_a_mistake(here: Community, lou: Person) -> None:
    with pytest.raises(KeyError):
        actions.notify(notice="tried.plain", people=[lou], subject="x", once="1", at=AT)
    assert queries.unread_count(lou) == 0


def test_two_notices_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"tried\.plain"):
        notices.declare(Notice(key="tried.plain", about="x", title="y"))


def test_another_community_knows_nothing_of_it(tell: Tell, lou: Person, sceaux: Community) -> None:
    tell(lou)
    with within(sceaux):
        assert queries.unread_count(lou) == 0
        assert list(queries.notifications_of(lou)) == []


def test_without_a_choice_an_email_leaves_at_once(tell: Tell, lou: Person) -> None:
    tell(lou)
    assert sent_by() == [("Lou", "email", False)]


def test_what_is_refused_is_only_on_the_site(tell: Tell, wish: Wish, lou: Person) -> None:
    wish(lou, {("tried.plain", "email"): False, ("tried.legal", "email"): False})
    tell(lou)
    assert (queries.unread_count(lou), sent_by()) == (1, [])
    tell(lou, notice="tried.legal", once="2")
    assert sent_by() == [("Lou", "email", False)], "what the law asks for cannot be refused"


def test_slow_readers_wait_except_for_what_cannot(tell: Tell, wish: Wish, lou: Person) -> None:
    wish(lou, pace="daily")
    tell(lou)
    tell(lou, notice="tried.legal", once="2")
    assert sent_by() == [("Lou", "email", True), ("Lou", "email", False)]
    assert len(waiting()) == 1


def test_who_prefers_it_is_called_and_texts_need_a_number(
    tell: Tell, wish: Wish, lou: Person, pat: Person
) -> None:
    wish(lou, call_me=True, phone="+33612345678")
    tell(lou, pat)
    tell(lou, pat, notice="tried.texted", once="2")
    assert sent_by() == [
        ("Lou", "call", False),
        ("Pat", "email", False),
        ("Lou", "sms", False),
    ]
    with override("fr"):
        assert [row.channel for row in queries.by_hand()] == [Channel.CALL, Channel.SMS]


def test_telling_costs_the_same_for_one_and_for_twenty_but_for_their_rows(
    tell: Tell, lou: Person, django_assert_num_queries: Any
) -> None:
    people = [Person(email=f"{n}@example.org", name=str(n)) for n in range(20)]
    Person.objects.bulk_create(people)
    with django_assert_num_queries(10):
        tell(lou)
    with django_assert_num_queries(10 + 19):  # one job a message
        tell(*people, once="2")


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        (datetime(2026, 3, 10, 14, tzinfo=UTC), datetime(2026, 3, 10, 14, tzinfo=UTC)),
        (datetime(2026, 3, 10, 20, tzinfo=UTC), datetime(2026, 3, 11, 7, tzinfo=UTC)),
        (datetime(2026, 3, 11, 3, tzinfo=UTC), datetime(2026, 3, 11, 7, tzinfo=UTC)),
        # The night to summer time: seven in the morning in Greenwich becomes six.
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        # The night to winter time, before and after the hour that comes twice.
        (datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_nobody_is_woken(at: datetime, leaves: datetime) -> None:
    assert hours.waking(at) == leaves


def test_a_text_at_night_waits_for_the_morning_unless_it_is_urgent(
    tell: Tell, wish: Wish, lou: Person, settings: Any
) -> None:
    settings.COMMUNS_SMS_URL = "https://sms.example/send"
    night = AT + timedelta(hours=8)
    wish(lou, phone="+33612345678")
    tell(lou, notice="tried.texted", at=night)
    tell(lou, notice="tried.urgent", once="2", at=night)
    assert [job.due_at for job in waiting()] == [datetime(2026, 3, 11, 7, tzinfo=UTC), night]


def test_no_text_message_goes_to_who_did_not_agree(tell: Tell, wish: Wish, lou: Person) -> None:
    wish(lou, phone="+33612345678")
    tell(lou, notice="tried.texted")
    withdraw_consent(person=lou, purpose=TEXTS.key, at=AT, by=lou)
    tell(lou, notice="tried.texted", once="2")
    assert [row.notification.once for row in Sending.objects.filter(channel="sms")] == ["1"]
