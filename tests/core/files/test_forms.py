"""A file in a form: said before, tied to its field, not lost when the form is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils import timezone

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.files import actions
from communs.core.files.forms import FileField, WithFiles, token_of
from communs.core.files.models import StoredFile
from communs.core.people.models import Person
from tests.core.files import samples

pytestmark = pytest.mark.django_db


class AlbumForm(WithFiles):
    title = forms.CharField(label="Titre")
    photo = FileField("test.shown", label="Photo")


class NoteForm(WithFiles):
    note = FileField("test.own", label="Note", required=False)


def png(name: str = "affiche.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, samples.image("PNG"), "image/png")


def sent(data: dict[str, str], file: Any = None, by: Any = None) -> AlbumForm:
    return AlbumForm(data, {"photo": file} if file else {}, at=timezone.now(), by=by)


def drawn(form: forms.Form, name: str = "photo") -> str:
    environment = next(engine.env for engine in engines.all() if hasattr(engine, "env"))
    source = '{% from "kit/all.html" import field %}{{ field(bound) }}'
    return environment.from_string(source).render(bound=form[name])


def token(form: forms.Form) -> str:
    kept = form.fields["photo"].widget.kept
    assert f'name="photo-kept" value="{token_of(kept)}"' in drawn(form).replace("&#39;", "'")
    return token_of(kept)


def test_a_form_says_what_it_takes_before_anything_is_sent(here: Community) -> None:
    html = drawn(AlbumForm(at=timezone.now()))
    assert "Taken: JPEG, PNG, WebP, GIF, PDF; at most 2 MB." in html
    assert 'accept=".jpg,.jpeg,.jpe,.jfif,.png,.webp,.gif,.pdf,image/jpeg,' in html
    assert 'aria-describedby="id_photo_helptext"' in html
    assert " required" in html
    assert AlbumForm(at=timezone.now()).is_multipart()


def test_an_accepted_file_is_the_forms_value(here: Community, administrator: Person) -> None:
    form = sent({"title": "Été"}, png(), administrator)
    assert form.is_valid(), form.errors
    file = form.cleaned_data["photo"]
    assert (file.name, file.is_draft, file.uploaded_by) == ("affiche.png", True, administrator.pk)


def test_a_refused_form_keeps_the_file_that_was_accepted(here: Community) -> None:
    first = sent({"title": ""}, png())
    assert set(first.errors) == {"title"}
    html = drawn(first)
    assert ("affiche.png" in html, " required" in html) == (True, False)
    second = sent({"title": "Été", "photo-kept": token(first)})
    assert second.is_valid(), second.errors
    assert [second.cleaned_data["photo"]] == list(StoredFile.objects.all())


def test_a_kept_file_survives_several_refusals(here: Community) -> None:
    form = sent({"title": ""}, png())
    for _ in range(3):
        form.is_valid()
        form = sent({"title": "", "photo-kept": token(form)})
    assert not form.is_valid()
    assert StoredFile.objects.count() == 1


def test_a_kept_file_may_be_dropped_or_replaced(here: Community) -> None:
    first = sent({"title": ""}, png())
    first.is_valid()
    kept = token(first)
    dropped = sent({"title": "Été", "photo-kept": kept, "photo-drop": "on"})
    assert dropped.errors == {"photo": ["Choose a file."]}
    replaced = sent({"title": "Été", "photo-kept": kept}, png("autre.png"))
    assert replaced.is_valid()
    assert replaced.cleaned_data["photo"].name == "autre.png"


def test_a_refused_file_is_an_error_of_its_field(here: Community) -> None:
    page = SimpleUploadedFile("photo.jpg", b"<html><script>", "image/jpeg")
    form = sent({"title": "Été"}, page)
    taken = "Taken: JPEG, PNG, WebP, GIF, PDF; at most 2 MB."
    said = f"This file is a web page or holds a script; it is not taken. {taken}"
    assert form.errors == {"photo": [said]}
    html = drawn(form)
    assert ('id="id_photo_error"' in html, 'aria-invalid="true"' in html) == (True, True)


def test_an_optional_file_may_be_left_out(here: Community) -> None:
    form = NoteForm({}, {}, at=timezone.now())
    assert form.is_valid()
    assert form.cleaned_data == {"note": None}
    assert sent({"title": "Été"}).errors == {"photo": ["Choose a file."]}


@pytest.mark.parametrize("made_up", ["x", "a:b:c", "0:0", "é" * 500])
def test_a_made_up_token_is_refused(here: Community, made_up: str) -> None:
    form = sent({"title": "Été", "photo-kept": made_up})
    assert form.errors == {"photo": ["The file sent before is no longer kept: send it again."]}


def test_a_token_is_worth_nothing_elsewhere_later_or_for_another_use(
    here: Community, sceaux: Community
) -> None:
    first = sent({"title": ""}, png())
    first.is_valid()
    kept = token(first)
    gone = {"photo": ["The file sent before is no longer kept: send it again."]}
    with within(sceaux):
        assert sent({"title": "Été", "photo-kept": kept}).errors == gone
    other = NoteForm({"note-kept": kept}, {}, at=timezone.now())
    assert other.errors == {"note": gone["photo"]}
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert sent({"title": "Été", "photo-kept": kept}).errors == gone


def test_a_token_is_worth_nothing_once_the_file_is_used(here: Community) -> None:
    first = sent({"title": ""}, png())
    first.is_valid()
    kept = first.fields["photo"].widget.kept
    actions.attach(file=kept, subject="test.album:1", at=timezone.now(), by=None)
    assert not sent({"title": "Été", "photo-kept": token_of(kept)}).is_valid()


def test_a_form_that_does_not_say_who_and_when_is_a_mistake(here: Community) -> None:
    class Careless(forms.Form):
        photo = FileField("test.shown")

    with pytest.raises(TypeError, match="WithFiles"):
        Careless({}, {}).is_valid()
