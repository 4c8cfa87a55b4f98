"""A document that is not what was signed, or not for here, is refused in one sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communs.core.bundles import signing
from communs.core.bundles.documents import Document, opened
from communs.core.bundles.engine.canonical import canonical, digest_of
from communs.core.bundles.engine.reading import LARGEST
from communs.core.bundles.signing import Signer, Trust
from communs.core.kit.errors import Refused
from tests.core.bundles.conftest import Forge, forged

pytestmark = pytest.mark.django_db
NO_TEXT = "Ce fichier n’est pas une configuration de Communs : ce n’est pas du texte "
CUT = "Ce fichier est tronqué : il s’arrête à la ligne 1, caractère "


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        opened(content)
    assert refused.value.field in {"file", "notes"}
    return str(refused.value).replace("\u00a0", " ")


def test_a_document_says_all_that_was_packed(packed: Document) -> None:
    raw = dict(packed.raw)
    key = signing.public_key()
    assert raw == {
        "format": 1,
        "service": "fund",
        "title": "Le fonds (Métropole du Grand Paris)",
        "version": 1,
        "made_at": "2026-11-28T09:00:00Z",
        "from": {"community": "Métropole du Grand Paris", "slug": "metropole", "key": key},
        "licence": "etalab-2.0",
        "notes": "Essai.",
        "lineage": [],
        "options": {"page_size": 50, "show_map": True},
        "data": {
            "programme": [
                {
                    "code": "fmin",
                    "acronym": "FMIN",
                    "name": "Fonds Métropolitain pour l’Innovation Numérique",
                    "created_on": "2018-09-28",
                }
            ]
        },
        "digest": raw["digest"],
        "signature": raw["signature"],
    }
    assert signing.is_signed(raw["digest"], raw["signature"], key)
    assert packed.made_at == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert packed.signer == Signer(Trust.HERE)


def test_it_reads_back_the_same_however_it_is_spaced(packed: Document) -> None:
    spaced = json.dumps(packed.raw, indent=4, ensure_ascii=True)
    assert opened(spaced).text == packed.text
    assert opened(f"\ufeff{packed.text}\n").text == packed.text


def test_truncated_anywhere_it_is_refused_in_words(packed: Document) -> None:
    content = packed.text.encode()
    for length in range(0, len(content), 10):
        words = refusal(content[:length])
        assert words.startswith((CUT, NO_TEXT, "Ce fichier est vide.")), words


@given(data=st.data())
@settings(
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_any_byte_changed_is_refused(packed: Document, data: Any) -> None:
    content = bytearray(packed.text.encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    assert refusal(bytes(content)).endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b" " * (LARGEST + 1), "Ce fichier dépasse 2 Mo."),
        (b"\xff\xfe{}", f"{NO_TEXT}(l’octet 1 est illisible)."),
        (b"", "Ce fichier est vide."),
        (b" \n", "Ce fichier est vide."),
        (b'{"format": 1, oops}', "Ce fichier n’est pas du JSON : voyez la ligne 1, caractère 15."),
        (b"[]", "Ce fichier n’est pas une configuration de Communs."),
        (b"null", "Ce fichier n’est pas une configuration de Communs."),
        (b'{"a": 1, "a": 2}', "Ce fichier dit deux fois « a » au même endroit."),
        (b'{"a": NaN}', "Ce fichier contient un nombre qui ne se lit pas partout : NaN."),
        (b'{"a": 1e999}', "Ce fichier contient un nombre qui ne se lit pas partout : 1e999."),
        (
            b'{"a": 12345678901234567890123}',
            "Ce fichier contient un nombre qui ne se lit pas partout : 12345678901234567890….",
        ),
        (b'{"a": "\\u0000"}', "Ce fichier contient un caractère qui ne peut pas être conservé."),
        (b'{"\\ud800": 1}', "Ce fichier contient un caractère qui ne peut pas être conservé."),
        (b'{"a":' * 13 + b"1" + b"}" * 13, "Ce fichier est imbriqué trop profondément."),
        (b"[" * 900_000, "Ce fichier est imbriqué trop profondément."),
        (b'{"a":[' + b"1," * 250_000 + b"1]}", "Ce fichier contient trop de valeurs."),
    ],
)
def test_what_is_no_document(content: bytes, words: str) -> None:
    assert refusal(content) == words


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"format": 0}, "format"),
        ({"format": "1"}, "format"),
        ({"format": True}, "format"),
        ({"version": 0}, "version"),
        ({"title": ""}, "title"),
        ({"made_at": "2026-13-45T09:00:00Z"}, "made_at"),
        ({"source": {"slug": "../metropole"}}, "from.slug"),
        ({"source": {"key": "AB"}}, "from.key"),
        ({"licence": "do what you want"}, "licence"),
        ({"notes": "x" * 2001}, "notes"),
        ({"lineage": [{}]}, "lineage.0.community"),
        ({"data": {"programme": {}}}, "data.programme"),
        ({"author": "Jeanne"}, "author"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(forge: Forge, changes: Any, name: str) -> None:
    assert refusal(forge(**changes)) == (
        f"Ce fichier n’est pas une configuration de Communs : « {name} » n’est pas comme il devrait"
        " être."
    )


def test_a_newer_format_is_refused_before_anything_else(packed: Document) -> None:
    newer = canonical({"format": 2, "everything": "else"}).encode()
    assert refusal(newer) == (
        "Cette configuration a été faite par une version plus récente de Communs (format 2 ; ce"
        " site lit jusqu’au format 1). Mettez d’abord ce site à jour."
    )
    with override("en"):
        assert refusal(newer) == (
            "This configuration was made by a newer version of Communs (format 2; this site reads"
            " up to 1). Update this site first."
        )


def test_altered_or_signed_by_another_it_is_refused(packed: Document) -> None:
    raw = dict(packed.raw)
    assert refusal(canonical(raw | {"notes": "Autre."}).encode()) == (
        "Ce fichier a été modifié depuis sa signature : son empreinte n’est pas celle qu’il"
        " annonce."
    )
    stranger = Ed25519PrivateKey.generate()
    signature = stranger.sign(raw["digest"].encode()).hex()
    assert refusal(canonical(raw | {"signature": signature}).encode()) == (
        "La signature de ce fichier n’est pas celle de l’installation qu’il nomme."
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"service": "beehives"}, "Le service « beehives » n’est pas installé sur ce site."),
        (
            {"options": {"page_size": 50, "columns": 3}},
            (
                "Cette configuration fixe le réglage « columns », que le service « Le fonds » de ce"
                " site ne connaît pas : elle a été faite pour une autre version de ce service."
            ),
        ),
        (
            {"options": {"contact_email": ""}},
            "Le réglage « contact_email » du service « Le fonds » ne se partage pas.",
        ),
        (
            {"options": {"page_size": 5}},
            (
                "Le réglage « Subventions par page du registre » n’est pas accepté."
                " Écrivez un nombre d’au moins 10."
            ),
        ),
        (
            {"data": {"round": []}},
            (
                "Cette configuration contient « round », que le service « Le fonds » de ce site ne"
                " connaît pas : elle a été faite pour une autre version de ce service."
            ),
        ),
        (
            {"data": {"programme": [{"code": "a", "acronym": "A"}] * 2}},
            "Deux lignes de « Dispositifs » ont la même clé : a.",
        ),
        (
            {"data": {"programme": [{"acronym": "A"}]}},
            "Dans « Dispositifs », il manque « code » à la ligne 1.",
        ),
        (
            {"data": {"programme": [{"code": "a", "budget": 3}]}},
            (
                "Dans « Dispositifs », la ligne 1 contient « budget », que ce site ne connaît pas :"
                " elle a été faite pour une autre version du service."
            ),
        ),
        (
            {"data": {"programme": [{"code": "a", "acronym": "A" * 21}]}},
            (
                "Dans « Dispositifs », ligne 1, « Sigle » n’est pas accepté. Assurez-vous que cette"
                " valeur comporte au plus 20 caractères (actuellement 21)."
            ),
        ),
        (
            {"data": {"programme": [{"code": "a", "created_on": "hier"}]}},
            (
                "Dans « Dispositifs », ligne 1, « Créé le » n’est pas accepté. Le format de date de"
                " la valeur « hier » n’est pas valide. Le format correct est AAAA-MM-JJ."
            ),
        ),
        (
            {"data": {"programme": [{"code": "a", "acronym": 12}]}},
            "Dans « Dispositifs », ligne 1, « Sigle » n’est pas accepté.",
        ),
        (
            {"data": {"programme": [{"code": f"p{n}"} for n in range(5001)]}},
            "Cette configuration contient plus de 5 000 lignes.",
        ),
        (
            {"notes": "Écrire à jeanne@ville.fr."},
            (
                "Dans les notes, « jeanne@ville.fr » ressemble à une adresse électronique : une"
                " configuration ne désigne personne."
            ),
        ),
        (
            {"data": {"programme": [{"code": "a", "name": "Voir 06 12 34 56 78"}]}},
            (
                "Dans Dispositifs : Voir 06 12 34 56 78, « Nom », « 06 12 34 56 78 » ressemble à un"
                " numéro de téléphone : une configuration ne désigne personne."
            ),
        ),
    ],
)
def test_what_is_not_for_here_is_said_with_its_place(
    forge: Forge, changes: Any, words: str
) -> None:
    assert refusal(forge(**changes)) == words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"programme": ["autre"], "awarded_on": "2020-01-01"},
            "Attributions : Bureau renvoie à autre, qui n’est pas dans ce fichier.",
        ),
        (
            {"programme": "fmin", "awarded_on": "2020-01-01"},
            "Dans « Attributions », ligne 1, « programme » n’est pas accepté.",
        ),
        (
            {"programme": ["fmin"], "awarded_on": "2020-01-01", "total": "12.345"},
            (
                "Dans « Attributions », ligne 1, « Montant » n’est pas accepté. Assurez-vous qu’il"
                " n’y a pas plus de 2 chiffres après la virgule."
            ),
        ),
        (
            {"programme": ["fmin"], "awarded_on": "2020-01-01", "total": 12},
            "Dans « Attributions », ligne 1, « Montant » n’est pas accepté.",
        ),
    ],
)
def test_rows_that_point_at_others(
    rounds: None, forge: Forge, packed: Document, row: Any, words: str
) -> None:
    data = {**packed.raw["data"], "round": [{"body": "Bureau", **row}]}
    assert refusal(forge(data=data)) == words


def test_who_signed_is_told(packed: Document, settings: Any) -> None:
    here = signing.public_key()
    settings.SECRET_KEY = "another installation"
    elsewhere = opened(forged(packed, source={"key": signing.public_key()}))
    assert signing.public_key() != here
    assert elsewhere.signer == Signer(Trust.HERE)
    settings.SECRET_KEY = "a third one"
    assert opened(elsewhere.text).signer == Signer(Trust.UNKNOWN)
    settings.COMMUNS_TRUSTED_KEYS = {elsewhere.shape.source.key: "Grand Lyon"}
    assert opened(elsewhere.text).signer == Signer(Trust.TRUSTED, "Grand Lyon")
    settings.SECRET_KEY_FALLBACKS = ["another installation"]
    assert opened(elsewhere.text).signer == Signer(Trust.HERE)


def test_the_digest_is_that_of_sorted_json_without_spaces(packed: Document) -> None:
    raw = {k: v for k, v in packed.raw.items() if k not in {"digest", "signature"}}
    assert digest_of(packed.raw) == digest_of(raw) == packed.shape.digest
    assert canonical({"b": [1, None], "a": "é"}) == '{"a":"é","b":[1,null]}'
