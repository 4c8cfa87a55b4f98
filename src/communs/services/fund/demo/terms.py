"""Rules, criteria and form of the demonstration: an example, to be replaced by the fund's own."""

from __future__ import annotations

from typing import Any

TERMS: dict[str, Any] = {
    "base": "before_tax",
    "rate": "50",
    "ceilings": [
        {"partners": 1, "amount": "30000.00"},
        {"partners": 3, "amount": "60000.00"},
    ],
    "owner_share": "20",
    "expense_types": [
        {
            "code": "materiel",
            "labels": {"fr": "Matériel", "en": "Equipment"},
            "eligible": True,
            "ceiling": None,
        },
        {
            "code": "logiciel",
            "labels": {"fr": "Logiciel et services numériques", "en": "Software and services"},
            "eligible": True,
            "ceiling": None,
        },
        {
            "code": "accompagnement",
            "labels": {"fr": "Accompagnement et médiation", "en": "Support and mediation"},
            "eligible": True,
            "ceiling": None,
        },
        {
            "code": "communication",
            "labels": {"fr": "Communication", "en": "Communication"},
            "eligible": True,
            "ceiling": "5000.00",
        },
        {
            "code": "personnel",
            "labels": {"fr": "Personnel permanent", "en": "Permanent staff"},
            "eligible": False,
            "ceiling": None,
        },
    ],
    "roles": ["lead", "financial", "test_site"],
    "mandate": True,
}
TEXT = (
    "Exemple de règlement, écrit pour la démonstration : les taux et les plafonds du fonds"
    " métropolitain ne sont pas publiés. À remplacer par les vôtres."
)
CRITERIA = (
    ("Utilité pour les habitants", "Un besoin vérifié, des usagers nommés.", 3),
    ("Coopération entre collectivités", "Ce que les partenaires font ensemble.", 3),
    ("Faisabilité", "Calendrier, moyens, risques.", 2),
    ("Réutilisation", "Ce que d’autres communes pourront reprendre.", 2),
)


def _field(key: str, kind: str, fr: str, en: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": {"fr": fr, "en": en}} | more


_LONG = {"rows": 6, "max_length": 4000}
FORM: dict[str, Any] = {
    "pages": [
        {
            "key": "besoin",
            "title": {"fr": "Le besoin", "en": "The need"},
            "sections": [
                {
                    "key": "contexte",
                    "title": {"fr": "Ce que vous voulez changer", "en": "What you want to change"},
                    "fields": [
                        _field(
                            "besoin_constate",
                            "text",
                            "Le besoin constaté",
                            "The need that you see",
                            required=True,
                            settings=_LONG,
                        ),
                        _field(
                            "publics",
                            "text",
                            "Pour qui",
                            "For whom",
                            required=True,
                            settings={"rows": 3, "max_length": 1000},
                        ),
                        _field("habitants", "number", "Nombre d’usagers visés", "Users aimed at"),
                    ],
                }
            ],
        },
        {
            "key": "projet",
            "title": {"fr": "L’expérimentation", "en": "The experiment"},
            "sections": [
                {
                    "key": "deroulement",
                    "title": {"fr": "Son déroulement", "en": "How it runs"},
                    "fields": [
                        _field(
                            "description",
                            "text",
                            "Ce qui sera essayé",
                            "What will be tried",
                            required=True,
                            settings=_LONG,
                        ),
                        _field("debut", "date", "Début souhaité", "Begins on", required=True),
                        _field(
                            "mois",
                            "number",
                            "Durée, en mois",
                            "Duration, in months",
                            required=True,
                            settings={"min": "1", "max": "36"},
                        ),
                    ],
                },
                {
                    "key": "mesure",
                    "title": {"fr": "Comment on saura si c’est utile", "en": "How it is measured"},
                    "fields": [
                        _field(
                            "indicateur",
                            "text",
                            "Indicateur principal",
                            "Main indicator",
                            required=True,
                        ),
                        _field("cible", "text", "Valeur visée", "Target"),
                    ],
                },
            ],
        },
        {
            "key": "engagements",
            "title": {"fr": "Calendrier et engagements", "en": "Timing and commitments"},
            "sections": [
                {
                    "key": "anticipation",
                    "title": {"fr": "Commencer avant la décision ?", "en": "An early start?"},
                    "fields": [
                        _field(
                            "anticipe",
                            "yes_no",
                            "Demandez-vous à commencer avant l’attribution ?",
                            "Do you ask to start before the award?",
                            required=True,
                        ),
                        _field(
                            "motif",
                            "text",
                            "Pour quelle raison",
                            "Why",
                            required=True,
                            when={"field": "anticipe", "op": "eq", "value": True},
                            settings={"rows": 3, "max_length": 1000},
                        ),
                    ],
                },
            ],
        },
    ]
}
ANSWERS: dict[str, Any] = {
    "besoin_constate": "Les habitants demandent un service plus proche ; rien n’existe encore.",
    "publics": "Tous les habitants, et d’abord ceux qui sont loin du numérique.",
    "habitants": 1200,
    "description": "Un essai de quelques mois, avec des habitants volontaires (texte fictif).",
    "debut": "2027-03-01",
    "mois": 9,
    "indicateur": "Nombre d’usagers par mois",
    "cible": "200",
    "anticipe": False,
}
