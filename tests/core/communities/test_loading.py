"""Loading a reference: all of it, once, or one sentence and nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DEFAULT_DB_ALIAS

from communs.core.communities.actions import DATA, load_metropolis
from communs.core.communities.models import Affiliation, Community, Outline, Population
from communs.core.communities.owned import owned_models
from communs.core.communities.scope import across, as_owner, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing(db: None) -> None:
    """A database without any community."""
    with across("a test empties everything"):
        held = {row.community for model in owned_models(apps) for row in model.everywhere.all()}
    for community in held:
        with within(community), as_owner():  # nobody else shortens the journal
            for model in reversed(owned_models(apps)):
                model.objects.all().delete()
    Community.objects.update(merged_into=None)
    for model in (Affiliation, Population, Outline, Community):
        model.objects.all()._raw_delete(DEFAULT_DB_ALIAS)  # nothing is left that points at them


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reference, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "reference"))


def test_the_reference_is_loaded_once(nothing: None) -> None:
    assert load_metropolis() is True
    counts = [model.objects.count() for model in (Community, Outline)]
    assert counts == [1 + 11 + 131, 131]
    assert load_metropolis() is False
    assert [model.objects.count() for model in (Community, Outline)] == counts


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("92002,Antony", "9200,Antony", "«\u00a09200\u00a0» n’est pas un code INSEE"),
        ("62210", "beaucoup", "«\u00a0beaucoup\u00a0» n’est pas un nombre entier"),
        (
            "62210,64263,oui,oui",
            "62210,64263,non,oui",
            "la commune 92002 est entrée ou sortie, et aucun fichier ne dit quel jour",
        ),
    ],
)
def test_a_wrong_reference_is_refused_and_nothing_is_written(
    nothing: None, folder: Path, old: str, new: str, sentence: str
) -> None:
    file = folder / "communes.csv"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    with pytest.raises(CommandError) as refused:
        call_command("load_metropolis", folder=folder)
    assert sentence in str(refused.value)
    assert Community.objects.count() == 0
