"""The command: a file made, checked, looked at, installed, taken back."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from communs.core.bundles import signing
from communs.core.bundles.documents import Document
from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.registry.actions import set_service
from communs.core.registry.models import Activation
from communs.core.registry.service import Service
from communs.project import env
from communs.services.fund.models import Programme
from tests.core.bundles.conftest import forged

pytestmark = pytest.mark.django_db
NAME = "Fonds Métropolitain pour l’Innovation Numérique"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command speaks the terminal's language."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command("bundle", *words, stdout=out)
    return out.getvalue().splitlines()


def test_from_one_community_to_another_and_back(
    antony: Community, fund: Service, tmp_path: Path
) -> None:
    file = str(tmp_path / "fund.json")
    made = run("pack", "fund", file, "--licence", "CC0-1.0", "--publish")
    assert made == [f"Version 1 written: {file}"]
    with within(antony):
        set_service(service=fund, on=False, options={"page_size": 20}, by=None)
    assert run("preview", file, "--community", "antony") == [
        "Signed here, by this site.",
        "Grants on a page of the register: 20 → 50 (yours is kept, unless you choose)",
        (
            f"Programmes: {NAME}: nothing → Acronym = FMIN, Name = {NAME},"
            " Created on = 28 September 2018 (added)"
        ),
    ]
    done = run("install", file, "--community", "antony", "--switch-on")
    assert done == ["Installed: Le fonds (Métropole du Grand Paris) (1)"]
    with within(antony):
        assert Programme.objects.count() == 1
        assert Activation.objects.get().on
    assert run("preview", file, "--community", "antony")[-1].endswith("(yours is kept)")
    assert run("roll-back", "fund", "--community", "antony") == [
        "Rolled back: Le fonds (Métropole du Grand Paris) (1)"
    ]
    with within(antony):
        assert Programme.objects.count() == 0
    with pytest.raises(CommandError, match="No configuration is in force"):
        run("roll-back", "fund", "--community", "antony")


def test_a_file_is_checked_without_a_row(
    packed: Document, tmp_path: Path, django_assert_num_queries: Any
) -> None:
    file = tmp_path / "fund.json"
    file.write_text(packed.text)
    with django_assert_num_queries(0):
        assert run("check", str(file)) == [
            "Le fonds (Métropole du Grand Paris), version 1: whole, and about nobody.",
            "Signed here, by this site.",
            f"SHA-256: {packed.shape.digest}",
        ]
    file.write_text(packed.text[:300])
    with pytest.raises(CommandError, match="cut short"):
        run("check", str(file))
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run("check", str(tmp_path / "none.json"))


def test_every_conflict_may_be_taken(
    antony: Community, fund: Service, packed: Document, tmp_path: Path
) -> None:
    file = tmp_path / "fund.json"
    file.write_bytes(forged(packed, options={"page_size": 100, "show_map": True}))
    with within(antony):
        set_service(service=fund, on=True, options={"page_size": 20}, by=None)
    run("install", str(file), "--community", "antony", "--take-all")
    with within(antony):
        assert Activation.objects.get().options["page_size"] == 100


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("pack", "beehives", "a.json", "--licence", "CC0-1.0"), "No service is called beehives."),
        (("roll-back", "fund", "--community", "nulle-part"), "No community has the address"),
        (("pack", "fund", "/nowhere/a.json", "--licence", "CC0-1.0"), "cannot be written"),
        (
            ("pack", "fund", "a.json", "--licence", "CC0-1.0", "--notes", "a@b.example"),
            "looks like an e-mail address",
        ),
    ],
)
def test_what_cannot_be_is_said(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*words)


def test_an_unknown_signer_needs_a_word(packed: Document, tmp_path: Path, settings: Any) -> None:
    file = tmp_path / "fund.json"
    file.write_text(packed.text)
    settings.SECRET_KEY = "elsewhere"
    with pytest.raises(CommandError, match="not known here"):
        run("install", str(file), "--community", "antony")
    done = run("install", str(file), "--community", "antony", "--accept-unknown")
    assert done == ["Installed: Le fonds (Métropole du Grand Paris) (1)"]


def test_it_prints_the_key_that_others_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = run("key")
    assert key == signing.public_key()
    monkeypatch.setenv("COMMUNS_TRUSTED_KEYS", f"Grand Lyon={key}, Nantes = {'a' * 64}")
    assert env.trusted_keys() == {key: "Grand Lyon", "a" * 64: "Nantes"}


@pytest.mark.parametrize("text", ["Lyon", "Lyon=ab", f"={'a' * 64}", f"Lyon={'A' * 64}"])
def test_a_key_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("COMMUNS_TRUSTED_KEYS", text)
    with pytest.raises(ImproperlyConfigured) as refused:
        env.trusted_keys()
    assert str(refused.value) == (
        f"COMMUNS_TRUSTED_KEYS: “{text[:80]}” is not NAME=KEY (64 hexadecimal digits)."
    )
