"""Finding: order, filters, counts, corrections, and what stays out of reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.communities.models import Community
from communs.core.communities.scope import within
from communs.core.people.models import Person
from communs.core.search import queries
from communs.core.search.documents import only
from communs.core.search.engine.extracts import Piece, extract, marked
from communs.core.search.engine.terms import PUBLIC, asked
from communs.core.search.index import drop, index
from communs.core.search.models import Document, Word
from communs.core.search.queries import Question, complete, find
from communs.core.search.readers import Reader, audiences_of, reader_everywhere
from communs.core.search.rebuilding import rebuild
from tests.core.search.conftest import Make

pytestmark = pytest.mark.django_db

TODAY = date(2026, 1, 1)
ANY = Q()


def here(community: Community, *audiences: str) -> Reader:
    return Reader(community, (PUBLIC, *audiences), ANY)


def titles(question: str, reader: Reader, **filters: str) -> list[str]:
    return [row.title for row in find(Question(question, **filters), reader).documents]


def test_titles_come_before_texts_exact_words_before_stems_and_the_whole_title_first(
    antony: Community, make: Make
) -> None:
    with within(antony):
        make("Divers", text="un jardin")
        make("Les jardins partagés")
        make("Fête au jardin")
        make("Jardin")
        make("Autre", text="des jardins")
        found = titles("jardin", here(antony))
    assert found == ["Jardin", "Fête au jardin", "Les jardins partagés", "Divers", "Autre"]


def test_what_weighs_the_same_is_given_newest_first_and_the_undated_before(
    antony: Community, make: Make
) -> None:
    with within(antony):
        for year in (2019, 2021, 2020):
            make(f"Marché {year}", on=date(year, 5, 1))
        make("Marché couvert", on=None)
        assert titles("marché", here(antony)) == [
            "Marché couvert", "Marché 2021", "Marché 2020", "Marché 2019",
        ]  # fmt: skip


def test_every_word_must_stand_somewhere(antony: Community, make: Make) -> None:
    with within(antony):
        make("École du parc", text="cantine")
        make("École du centre")
        assert titles("école cantine", here(antony)) == ["École du parc"]


def test_counts_and_filters_by_service_and_kind(antony: Community, make: Make) -> None:
    with within(antony):
        make("Marché un")
        make("Marché deux", kind="Round")
        make("Marché trois", subject=antony, kind="Commune")
        found = find(Question("marché"), here(antony))
        one = find(Question("marché", service="fund", kind="Round"), here(antony))
        nothing = find(Question("marché", service="nowhere"), here(antony))
    assert (found.count, found.services) == (3, {"fund": 2, "communities": 1})
    assert found.kinds == {"Grant": 1, "Round": 1, "Commune": 1}
    assert ([row.title for row in one.documents], one.count) == (["Marché deux"], 1)
    assert one.services == found.services
    assert (nothing.count, list(nothing.documents)) == (0, [])


def test_of_very_many_the_best_are_ranked_and_the_count_says_more(
    antony: Community, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 6)
    monkeypatch.setattr(queries, "MOST_RANKED", 4)
    with within(antony):
        make("Marché", on=date(1990, 1, 1))
        for n in range(9):
            make(f"Annonce {n}", text="le marché", on=TODAY + timedelta(days=n))
        make("Autre", text="un marché", kind="Round", on=date(1980, 1, 1))
        found = find(Question("marché"), here(antony))
        filtered = find(Question("marché", kind="Round"), here(antony))
    assert (found.count, found.more, len(found.documents)) == (6, True, 4)
    assert [row.title for row in found.documents[:2]] == ["Marché", "Annonce 8"]
    assert [row.title for row in filtered.documents] == ["Autre"]


def test_a_misspelt_word_is_told_with_what_it_was_taken_for(antony: Community, make: Make) -> None:
    with within(antony):
        make("Bibliothèque municipale")
        found = find(Question("bibliotek municipale"), here(antony))
    assert [row.title for row in found.documents] == ["Bibliothèque municipale"]
    assert found.corrections == (("bibliotek", "bibliotheque"),)


def test_a_word_only_begun_is_found_and_is_no_correction(antony: Community, make: Make) -> None:
    with within(antony):
        make("Bibliothèque municipale")
        found = find(Question("biblio"), here(antony))
    assert ([row.title for row in found.documents], found.corrections) == (
        ["Bibliothèque municipale"], (),
    )  # fmt: skip


def test_a_correction_never_reveals_a_word_of_what_one_may_not_read(
    antony: Community, sceaux: Community, make: Make
) -> None:
    with within(antony):
        make("Licenciement Rochambeau", audience="fund.edit")
        held = find(Question("rochambau"), here(antony, "fund.edit"))
        hidden = find(Question("rochambau"), here(antony))
        begun = complete("rocham", here(antony))
    with within(sceaux):
        away = find(Question("rochambau"), reader_everywhere(None, on=TODAY))
    assert held.corrections == (("rochambau", "rochambeau"),)
    assert (hidden.corrections, hidden.count, begun) == ((), 0, [])
    assert (away.corrections, away.count) == ((), 0)


def test_completion_gives_titles_that_hold_what_is_typed(antony: Community, make: Make) -> None:
    with within(antony):
        make("Cantine scolaire")
        make("Cantines d’été")
        make("Divers", text="la cantine")
        reader = here(antony)
        assert {row.title for row in complete("canti", reader)} == {
            "Cantine scolaire", "Cantines d’été",
        }  # fmt: skip
        assert [row.title for row in complete("cantine sco", reader)] == ["Cantine scolaire"]
        assert complete("", reader) == complete("le", reader) == complete("c", reader) == []


def test_from_everywhere_ones_own_private_documents_and_others_public_ones(
    antony: Community, metropolis: Community, make: Make, switch: object, administrator: Person
) -> None:
    switch(antony, "fund")
    with within(metropolis):
        make("Budget métropole", audience=only(administrator))
    with within(antony):
        make("Budget public")
        make("Budget privé", audience="community.manage")
    with within(metropolis):
        mine = Reader(metropolis, (PUBLIC, only(administrator)), ANY, everywhere=True)
        assert sorted(titles("budget", mine)) == ["Budget métropole", "Budget public"]
        assert titles("budget", reader_everywhere(None, on=TODAY)) == ["Budget public"]


def test_a_service_that_is_off_somewhere_is_not_found_there(
    antony: Community, sceaux: Community, metropolis: Community, make: Make, switch: object
) -> None:
    switch(antony, "fund", on=False)
    switch(sceaux, "fund")
    for place in (antony, sceaux):
        with within(place):
            make(f"Guinguette {place.name}")
    with within(metropolis):
        assert titles("guinguette", reader_everywhere(None, on=TODAY)) == ["Guinguette Sceaux"]


def test_the_audiences_of_a_person_are_what_they_hold_here(
    antony: Community, sceaux: Community, administrator: Person
) -> None:
    with within(antony):
        assert {PUBLIC, only(administrator), "community.manage"} <= set(audiences_of(administrator))
        assert audiences_of(None) == (PUBLIC,)
    with within(sceaux):
        assert "community.manage" not in audiences_of(administrator)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from([PUBLIC, "fund.edit", "person.a", "person.b"])
        ),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 2),
    st.sets(st.sampled_from(["fund.edit", "person.a", "person.b"])),
    st.booleans(),
)
def test_nothing_is_found_counted_completed_or_corrected_but_what_one_may_read(
    places: list[Community],
    make: Make,
    written: list[tuple[int, str]],
    at: int,
    held: set[str],
    everywhere: bool,
) -> None:
    from django.db import transaction

    with transaction.atomic():
        for n, (place, audience) in enumerate(written):
            with within(places[place]):
                make(f"Zébulon numero{n}", text=f"secretissime{chr(97 + n)}", audience=audience)
        reader = Reader(places[at], (PUBLIC, *held), ANY, everywhere=everywhere)
        wanted = {
            f"Zébulon numero{n}"
            for n, (place, audience) in enumerate(written)
            if (place == at and audience in reader.audiences) or (everywhere and audience == PUBLIC)
        }
        with within(places[at]):
            found = find(Question("zebulon"), reader)
            completed = complete("zebul", reader)
            slips = [
                find(Question(f"secretisime{chr(97 + n)}"), reader) for n in range(len(written))
            ]
        told = {row.title for row in found.documents}
        said = [{row.title for row in slip.documents} for slip in slips]
        transaction.set_rollback(True)
    assert told == wanted
    assert (found.count, found.services) == (len(wanted), {"fund": len(wanted)} if wanted else {})
    assert {row.title for row in completed} == wanted
    for n, slip in enumerate(slips):
        readable = f"Zébulon numero{n}" in wanted
        assert said[n] <= wanted
        assert readable or f"secretissime{chr(97 + n)}" not in dict(slip.corrections).values()


def test_what_the_index_holds_wrongly_is_shown_to_nobody(antony: Community, make: Make) -> None:
    """The tables decide, not the index: an entry without its document leads nowhere."""
    with within(antony):
        make("Fantôme")
        Document.objects.filter(title="Fantôme").update(audience="fund.edit")
        assert titles("fantome", here(antony)) == []


def test_an_extract_keeps_the_original_accents_and_shows_what_was_asked() -> None:
    text = "Mot " * 80 + "L’Hôtel de Ville <b>ouvre</b> à l’été. " + "Fin " * 80
    pieces = extract(text, asked("hotel ete"))
    assert [piece.text for piece in pieces if piece.asked] == ["Hôtel", "été"]
    assert (pieces[0].text, pieces[-1].text) == ("… ", " …")
    assert len("".join(piece.text for piece in pieces)) < 260
    assert marked("Hôtel", asked("hotel")) == [Piece("Hôtel", asked=True)]


@given(st.text(max_size=400), st.text(max_size=20))
def test_a_text_cut_in_pieces_is_the_same_text(text: str, question: str) -> None:
    assert "".join(piece.text for piece in marked(text, asked(question))) == text


def test_a_search_costs_the_same_queries_for_one_and_for_fifty(
    antony: Community, make: Make
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            find(Question("guinguette"), here(antony))
        return len(queries_made)

    with within(antony):
        make("Guinguette")
        one = cost()
        for n in range(49):
            make(f"Guinguette {n}")
        assert one == cost() <= 5  # PostgreSQL is asked twice how many it expects


def test_a_thing_indexed_anew_is_found_as_it_now_is(antony: Community, make: Make) -> None:
    with within(antony):
        thing = make("Ancien intitulé")
        index(type(thing)(**{**_values(thing), "title": "Nouvel intitulé"}))
        assert titles("ancien", here(antony)) == []
        assert titles("nouvel", here(antony)) == ["Nouvel intitulé"]
        assert not Word.objects.filter(word="ancien").exists()
        drop(thing.subject)
        assert titles("nouvel", here(antony)) == []
        assert list(Word.objects.all()) == []


def test_a_word_goes_with_its_last_document_only(antony: Community, make: Make) -> None:
    with within(antony):
        first = make("Guinguette rouge")
        make("Guinguette vert")
        drop(first.subject)
        assert sorted(Word.objects.values_list("word", flat=True)) == ["guinguette", "vert"]


def test_the_demonstration_is_whole_and_a_rebuild_changes_nothing(metropolis: Community) -> None:
    with within(metropolis):
        before = list(
            Document.objects.order_by("subject").values_list("subject", "number", "terms")
        )
        assert queries.findings() == ()
        assert rebuild() == len(before) == Community.objects.count() + 23
        after = list(Document.objects.order_by("subject").values_list("subject", "number", "terms"))
    assert after == before


def test_a_rebuild_finds_what_is_missing_and_lets_go_of_what_is_no_more(
    metropolis: Community, make: Make
) -> None:
    with within(metropolis):
        make("Intrus")
        drop(metropolis)
        assert [finding.level for finding in queries.findings()] == ["warning"]
        rebuild()
        assert queries.findings() == ()
        reader = here(metropolis)
        assert titles("intrus", reader) == []
        assert titles("métropole grand paris", reader)[0] == metropolis.name


def _values(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}
