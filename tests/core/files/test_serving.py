"""A file is served to whom its purpose allows, locked down, whole or in part."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files import actions
from communs.core.files.addresses import srcset
from communs.core.files.enums import State
from communs.core.files.models import StoredFile
from communs.core.people.models import Person
from tests.core.files import samples
from tests.core.files.conftest import AT
from tests.pages import text

pytestmark = pytest.mark.django_db

ALPHABET = b"abcdefghijklmnopqrstuvwxyz"


def address(file: StoredFile, width: int = 0) -> str:
    part = f"{width}/" if width else ""
    return f"/fichiers/{file.pk}/{part}{quote(file.name)}"


def get(client: Client, file: StoredFile, *, width: int = 0, **headers: str) -> HttpResponse:
    return client.get(f"/antony{address(file, width)}", headers=headers)


def content(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_published_photo_is_for_everyone_locked_and_cached(photo: StoredFile) -> None:
    response = get(Client(), photo)
    body = content(response)
    names = (
        "Content-Type", "Content-Length", "Content-Disposition", "Content-Security-Policy",
        "X-Content-Type-Options", "Cache-Control", "ETag", "Accept-Ranges", "Vary",
        "Content-Encoding", "Cross-Origin-Resource-Policy",
    )  # fmt: skip
    assert (response.status_code, {name: response.headers.get(name) for name in names}) == (
        200,
        {
            "Content-Type": "image/jpeg",
            "Content-Length": str(photo.size),
            "Content-Disposition": f"inline; filename*=utf-8''{quote('École d’été.jpg')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "public, max-age=3600",
            "ETag": f'"{photo.sha256}"',
            "Accept-Ranges": "bytes",
            "Vary": "Accept-Encoding",
            "Content-Encoding": None,
            "Cross-Origin-Resource-Policy": "same-site",
        },
    )
    assert len(body) == photo.size


def test_a_browser_that_compresses_still_gets_lengths_and_ranges(
    note: StoredFile, signed_in: Client
) -> None:
    response = get(signed_in, note, accept_encoding="gzip", range="bytes=2-4")
    assert (response.headers.get("Content-Encoding"), content(response)) == (None, b"cde")


def test_a_document_is_downloaded_never_shown(note: StoredFile, signed_in: Client) -> None:
    response = get(signed_in, note)
    assert response.headers["Content-Disposition"] == 'attachment; filename="note.txt"'
    assert (response.headers["Content-Type"], content(response)) == (
        "text/plain; charset=utf-8",
        ALPHABET,
    )
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_who_may_not_read_is_refused(
    note: StoredFile, signed_in: Client, manager: Person, sceaux: Community
) -> None:
    other = Client()
    other.force_login(manager)
    answers = [get(client, note).status_code for client in (Client(), other, signed_in)]
    assert answers == [404, 404, 200]


def test_a_draft_is_for_who_sent_it_even_of_a_public_purpose(
    here: Community, signed_in: Client, administrator: Person, manager: Person
) -> None:
    upload = ContentFile(samples.image("PNG"), "a.png")
    draft = actions.keep(upload=upload, purpose="test.shown", at=AT, by=administrator)
    other = Client()
    other.force_login(manager)
    answers = [get(client, draft).status_code for client in (Client(), other, signed_in)]
    assert answers == [404, 404, 200]
    assert get(signed_in, draft).headers["Cache-Control"] == "private, no-cache"


def test_another_communitys_file_is_not_found(photo: StoredFile) -> None:
    for place in ("", "/sceaux"):
        assert Client().get(f"{place}{address(photo)}").status_code == 404


def test_a_wrong_name_leads_to_the_right_one(photo: StoredFile) -> None:
    response = Client().get(f"/en/antony/fichiers/{photo.pk}/virus.exe")
    wanted = f"/en/antony/fichiers/{photo.pk}/{quote('École d’été.jpg')}"
    assert (response.status_code, response.headers["Location"]) == (302, wanted)


def test_what_has_not_changed_is_not_sent_again(photo: StoredFile) -> None:
    for given in (f'"{photo.sha256}"', f'W/"{photo.sha256}"', f'"x", "{photo.sha256}"', "*"):
        response = get(Client(), photo, if_none_match=given)
        assert (response.status_code, content(response)) == (304, b"")
        assert response.headers["ETag"] == f'"{photo.sha256}"'
    assert get(Client(), photo, if_none_match='"x"').status_code == 200


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("bytes=0-0", (206, "bytes 0-0/26", b"a")),
        ("bytes=23-", (206, "bytes 23-25/26", b"xyz")),
        ("bytes=-2", (206, "bytes 24-25/26", b"yz")),
        ("bytes=20-999", (206, "bytes 20-25/26", b"uvwxyz")),
        ("bytes=-999", (206, "bytes 0-25/26", ALPHABET)),
        ("bytes=26-", (416, "bytes */26", b"")),
        ("bytes=-0", (416, "bytes */26", b"")),
        ("bytes=5-2", (200, None, ALPHABET)),
        ("bytes=0-1,4-5", (200, None, ALPHABET)),
        ("bytes=-", (200, None, ALPHABET)),
        ("bytes=a-b", (200, None, ALPHABET)),
        ("lines=0-1", (200, None, ALPHABET)),
        ("bytes=" + "9" * 40 + "-", (200, None, ALPHABET)),
    ],
)
def test_one_range_is_served(
    note: StoredFile, signed_in: Client, asked: str, wanted: tuple[int, str | None, bytes]
) -> None:
    response = get(signed_in, note, range=asked)
    assert (
        response.status_code,
        response.headers.get("Content-Range"),
        content(response),
    ) == wanted


def test_a_range_of_another_version_gives_the_whole(note: StoredFile, signed_in: Client) -> None:
    assert get(signed_in, note, range="bytes=0-0", if_range='"old"').status_code == 200
    same = get(signed_in, note, range="bytes=0-0", if_range=f'"{note.sha256}"')
    assert (same.status_code, content(same)) == (206, b"a")


def test_head_gives_the_headers_alone(note: StoredFile, signed_in: Client) -> None:
    response = signed_in.head(f"/antony{address(note)}")
    assert (response.status_code, response.headers["Content-Length"], content(response)) == (
        200,
        "26",
        b"",
    )


def test_nothing_is_written_at_that_address(note: StoredFile, signed_in: Client) -> None:
    assert signed_in.post(f"/antony{address(note)}").status_code == 405


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (State.PENDING, "This file is being checked"),
        (State.QUARANTINED, "This file was set aside"),
        (State.EXPIRED, "This file was removed"),
    ],
)
def test_what_is_not_clean_is_not_served(photo: StoredFile, state: State, title: str) -> None:
    StoredFile.objects.filter(pk=photo.pk).update(state=state)
    response = Client().get(f"/en/antony{address(photo)}")
    assert response.status_code == 404
    assert title in text(response)


def test_an_image_is_served_at_the_widths_of_pages_and_no_other(photo: StoredFile) -> None:
    first, again = (get(Client(), photo, width=640) for _ in range(2))
    assert (first.status_code, first.headers["Content-Type"]) == (200, "image/webp")
    assert first.headers["ETag"] == again.headers["ETag"] == f'"{photo.sha256}-640"'
    sent = content(first)
    assert (sent[:4], sent[8:12], content(again)) == (b"RIFF", b"WEBP", sent)
    assert len(sent) < photo.size
    assert get(Client(), photo, width=641).status_code == 404


def test_a_page_offers_no_width_larger_than_the_image(photo: StoredFile) -> None:
    photo.width = 1000
    wanted = [
        f"{address(photo, 320)} 320w",
        f"{address(photo, 640)} 640w",
        f"{address(photo)} 1000w",
    ]
    assert srcset(photo).split(", ") == wanted


def test_a_document_has_no_widths(note: StoredFile, signed_in: Client) -> None:
    assert get(signed_in, note, width=640).status_code == 404


def test_a_lost_content_is_not_found(photo: StoredFile, folder: object) -> None:
    (folder / photo.path).unlink()
    assert get(Client(), photo).status_code == 404
    assert get(Client(), photo, width=320).status_code == 404


class TestOnAHostOfItsOwn:
    """COMMUNS_FILES_HOST: files are served there alone, to whom the site sends there."""

    @pytest.fixture(autouse=True)
    def host(self, settings: Settings) -> None:
        settings.COMMUNS_FILES_HOST = "files.localhost"

    def test_the_site_sends_a_public_file_there(self, photo: StoredFile) -> None:
        response = get(Client(), photo)
        there = f"http://files.localhost/antony{address(photo)}"
        assert (response.status_code, response.headers["Location"]) == (302, there)
        served = Client(headers={"host": "files.localhost"}).get(f"/antony{address(photo)}")
        assert (served.status_code, len(content(served))) == (200, photo.size)

    def test_a_private_file_needs_leave(self, note: StoredFile, signed_in: Client) -> None:
        assert get(Client(), note).status_code == 404
        sent_to = get(signed_in, note).headers["Location"].removeprefix("http://files.localhost")
        stranger = Client(headers={"host": "files.localhost"})
        assert content(stranger.get(sent_to)) == ALPHABET
        for wrong in (sent_to.partition("?")[0], f"{sent_to}x"):
            assert stranger.get(wrong).status_code == 404

    def test_leave_for_one_file_is_not_leave_for_another(
        self, note: StoredFile, signed_in: Client, here: Community
    ) -> None:
        upload = ContentFile(b"secret", "b.txt")
        other = actions.keep(upload=upload, purpose="test.kept", subject="x:1", at=AT, by=None)
        leave = get(signed_in, note).headers["Location"].partition("?")[2]
        stranger = Client(headers={"host": "files.localhost"})
        assert stranger.get(f"/antony{address(other)}?{leave}").status_code == 404


def test_the_uploader_reads_what_they_sent(here: Community, manager: Person) -> None:
    with within(here):
        mine = actions.keep(
            upload=ContentFile(b"a", "a.txt"), purpose="test.own", subject="x:1", at=AT, by=manager
        )
    client = Client()
    client.force_login(manager)
    assert (get(client, mine).status_code, get(Client(), mine).status_code) == (200, 404)
