"""Calls as the French schema of aid schemes (« dispositif d'aide ») has them, in its two forms.

That of 2022 (0.0.1) is read by catalogues of aid; that of 2026 (0.2.0) replaces it, with other
columns. What is unknown is empty in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

COLUMNS_2022 = (
    "id_aide",
    "nom_aide",
    "nom_aide_normalise",
    "programme_aides",
    "porteur_aide",
    "porteur_siren",
    "instructeurs_aide",
    "beneficiaires_aide",
    "types_aides",
    "taux_subvention_minimum",
    "taux_subvention_maximum",
    "taux_subvention_commentaire",
    "aap_ami",
    "description",
    "exemple_projet",
    "thematique_aide",
    "recurrence_aide",
    "date_ouverture",
    "date_pre_depot",
    "date_cloture",
    "condition_eligibilite",
    "etat_avancement_projet",
    "type_depense",
    "zone_geographique",
    "url_descriptif",
    "url_demarche",
    "contact",
    "date_mise_a_jour",
)
_REQUIRED_2022 = (
    "id_aide",
    "nom_aide_normalise",
    "porteur_aide",
    "porteur_siren",
    "beneficiaires_aide",
    "types_aides",
    "description",
    "thematique_aide",
    "recurrence_aide",
    "zone_geographique",
    "contact",
)
COLUMNS_2026 = (
    "id",
    "titre",
    "promesse",
    "description",
    "eligibilite",
    "types_aides",
    "porteurs",
    "programmes_parents",
    "url_source",
    "cibles",
    "eligibilite_geographique",
    "eligibilite_geographique_exclusions",
    "date_ouverture",
    "date_cloture",
    "date_mise_a_jour",
)
_REQUIRED_2026 = (
    "id",
    "titre",
    "description",
    "eligibilite",
    "types_aides",
    "porteurs",
    "cibles",
    "eligibilite_geographique",
    "date_mise_a_jour",
)
_LONGEST_NAME, _LONGEST_TEXT = 180, 5000
_VERB = "Répondre à l’appel\u00a0: "  # the schema wants a name that begins with a verb
_THEME = "Innovation numérique"
_BODIES = "Communes,Établissements publics - Services de l'État"  # a territory (EPT) is one of them
_FIRMS = "Entreprises privées,Associations"


@dataclass(frozen=True, slots=True)
class Aid:
    """What a row of the schema is made of; None and "" are unknown. Instants are local.

    `rate` is the most that is paid, of 100; `challenges` are those of the master plan, in French;
    `communes` the INSEE codes of where it is given. An end is not counted: the day before is.
    """

    key: str
    code: str
    title: str
    programme: str
    holder: str
    holder_siren: str | None
    communes: tuple[str, ...]
    for_bodies: bool
    text: str
    rules: str
    rate: Decimal | None
    challenges: tuple[str, ...]
    opens_at: datetime | None
    closes_at: datetime | None
    url: str
    contact: str
    example: bool = False

    @property
    def pays(self) -> bool:
        """Whether money is given, as far as is known."""
        return self.for_bodies or self.rate is not None

    @property
    def described(self) -> str:
        """What it is; that it is made up comes first."""
        return f"{'Exemple fictif. ' if self.example else ''}{self.text or self.title}"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of the schema: its columns in order, those it requires, how a line is filled."""

    columns: tuple[str, ...]
    required: tuple[str, ...]
    told: Callable[[Aid], Mapping[str, str]]

    def row(self, aid: Aid) -> dict[str, str]:
        """Give the cells of a call's line."""
        known = self.told(aid)
        return {name: known.get(name, "") for name in self.columns}

    def missing(self, row: Mapping[str, str]) -> tuple[str, ...]:
        """Give the required columns that are empty."""
        return tuple(name for name in self.required if not row[name])


def form_of_2022(at: datetime) -> Form:
    """Give the twenty-eight columns, as they are known at an instant."""
    updated = {"date_mise_a_jour": at.date().isoformat()}
    return Form(COLUMNS_2022, _REQUIRED_2022, lambda aid: {**_told_2022(aid), **updated})


def form_of_2026(at: datetime) -> Form:
    """Give the fifteen columns, as they are known at an instant."""
    updated = {"date_mise_a_jour": at.isoformat(timespec="seconds")}
    return Form(COLUMNS_2026, _REQUIRED_2026, lambda aid: {**_told_2026(aid), **updated})


def _told_2022(aid: Aid) -> dict[str, str]:
    last = aid.closes_at - timedelta(microseconds=1) if aid.closes_at else None
    return {
        "id_aide": aid.key,
        "nom_aide": aid.title,
        "nom_aide_normalise": _cut(f"{_VERB}{aid.title}", _LONGEST_NAME),
        "programme_aides": _listed(aid.programme, ","),
        "porteur_aide": _listed(aid.holder, ","),
        "porteur_siren": aid.holder_siren or "",
        "instructeurs_aide": _listed(aid.holder, ","),
        "beneficiaires_aide": _BODIES if aid.for_bodies else _FIRMS,
        "types_aides": "Subvention" if aid.pays else "Autre",
        "taux_subvention_maximum": "" if aid.rate is None else f"{aid.rate.normalize():f}",
        "aap_ami": "Oui",
        "description": aid.described,
        "thematique_aide": ";".join(f"{_THEME} > {one}" for one in aid.challenges) or _THEME,
        "recurrence_aide": "Ponctuelle" if aid.closes_at else "Permanente",
        "date_ouverture": aid.opens_at.date().isoformat() if aid.opens_at else "",
        "date_cloture": last.date().isoformat() if last else "",
        "condition_eligibilite": aid.rules,
        "zone_geographique": aid.holder,
        "url_descriptif": aid.url,
        "url_demarche": aid.url,
        "contact": aid.contact or aid.url,
    }


def _told_2026(aid: Aid) -> dict[str, str]:
    siren = aid.holder_siren
    roles = "'financeur', 'instructeur'" if aid.pays else "'instructeur'"
    name = aid.holder.replace("'", "’")  # quotes end a name there
    who = (
        "Commune ou établissement public territorial"
        if aid.for_bodies
        else "Entreprise ou association"
    )
    return {
        "id": aid.key,
        "titre": aid.title,
        "description": _cut(aid.described, _LONGEST_TEXT),
        "eligibilite": "\n".join(part for part in (f"• {who}", aid.rules) if part),
        "types_aides": "financement" if aid.pays else "autre",
        "porteurs": f"[{{ nom: '{name}', siren: '{siren}', roles: [ {roles} ]}}]" if siren else "",
        "programmes_parents": _listed(aid.programme, "|"),
        "url_source": aid.url,
        "cibles": "secteur public" if aid.for_bodies else "professionnels|associations",
        "eligibilite_geographique": "|".join(f"COM-{code}" for code in aid.communes),
        "date_ouverture": aid.opens_at.isoformat(timespec="seconds") if aid.opens_at else "",
        "date_cloture": aid.closes_at.isoformat(timespec="seconds") if aid.closes_at else "",
    }


def _listed(name: str, between: str) -> str:
    """Write a name where a mark would begin another one."""
    return name.replace(between, " ")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
