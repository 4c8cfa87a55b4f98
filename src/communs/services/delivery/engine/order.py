"""The text of a municipal order, in French as the law wants it; a draft for the legal service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NBSP = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One rule, its hours told in French."""

    when: str
    activity: str
    vehicles: Sequence[str] = ()
    most_minutes: int | None = None
    no_return_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The bay that the order is about."""

    commune: str
    name: str
    street: str
    spaces: int
    length: str = ""
    code: str


def draft(place: Place, clauses: Sequence[Clause]) -> str:
    """Write the order; what only a person can say stands in square brackets."""
    articles = [
        _creation(place),
        *map(_activity, clauses),
        (
            "Le début de l’arrêt est attesté par un disque numérique gratuit, ouvert sans compte à "
            f"l’adresse portée sur le panneau (code {place.code}), ou par un disque papier "
            "conforme. Le conducteur quitte l’emplacement avant l’heure de fin indiquée."
        ),
        (
            "La signalisation réglementaire est mise en place par [service chargé de la voirie]. "
            "Le présent arrêté prend effet le jour de sa pose."
        ),
        (
            "Tout arrêt contraire au présent arrêté est constaté par les agents habilités et "
            "sanctionné selon le code de la route. Aucune contravention n’est dressée "
            "automatiquement."
        ),
        (
            "[Titre du signataire], [service de police compétent] et [service chargé de la voirie] "
            "sont chargés, chacun en ce qui le concerne, de l’exécution du présent arrêté, qui "
            "peut être contesté devant le tribunal administratif de [ville] dans les deux mois "
            "de sa publication."
        ),
    ]
    return "\n\n".join(
        [*_head(place), *map(_article, range(1, len(articles) + 1), articles), _foot()]
    )


def _head(place: Place) -> list[str]:
    return [
        (
            f"PROJET – À VÉRIFIER PAR LE SERVICE JURIDIQUE{_NBSP}: ce texte n’a aucune valeur "
            "avant sa signature."
        ),
        (
            f"COMMUNE{_NBSP}: {place.commune}\nArrêté n°{_NBSP}[numéro] du [date]\n"
            f"portant réglementation de l’aire de livraison «{_NBSP}{place.name}{_NBSP}», "
            f"{place.street}"
        ),
        (
            "[Titre du signataire],\n"
            "Vu le code général des collectivités territoriales, notamment ses articles L. 2213-1 "
            "à L. 2213-6[, ou le texte qui donne compétence au signataire]"
            f"{_NBSP};\n"
            "Vu le code de la route, notamment ses articles R. 417-10 et suivants"
            f"{_NBSP};\n"
            "Considérant que [motifs propres au lieu]"
            f"{_NBSP};"
        ),
        "ARRÊTE",
    ]


def _creation(place: Place) -> str:
    many = "emplacement" if place.spaces == 1 else "emplacements"
    length = f", d’une longueur de {place.length} mètres" if place.length else ""
    return (
        f"Une aire de livraison de {place.spaces} {many}{length} est établie {place.street}, "
        f"sous le nom «{_NBSP}{place.name}{_NBSP}»."
    )


def _activity(clause: Clause) -> str:
    named = ", ".join(clause.vehicles)
    vehicles = f" aux véhicules suivants{_NBSP}: {named}" if named else ""
    if clause.activity == "no parking":
        return f"{clause.when}{_NBSP}: l’arrêt et le stationnement sont interdits{vehicles}."
    if clause.activity == "parking":
        return f"{clause.when}{_NBSP}: le stationnement est ouvert{vehicles or ' à tous'}."
    text = (
        f"{clause.when}{_NBSP}: l’emplacement est réservé au chargement et au déchargement"
        f"{vehicles}."
    )
    if clause.most_minutes:
        text += f" La durée de l’arrêt est limitée à {clause.most_minutes} minutes."
    if clause.no_return_minutes:
        text += (
            " Un même véhicule ne peut y revenir avant "
            f"{clause.no_return_minutes} minutes après son départ."
        )
    return text


def _article(number: int, text: str) -> str:
    ordinal = "1er" if number == 1 else str(number)
    return f"Article {ordinal}. – {text}"


def _foot() -> str:
    return "Fait à [commune], le [date].\n[Titre, prénom, nom et signature]"
