"""Words, states, lists, tables."""

from communs.core.web.components.kind import LINK, LINKS, Component, component

WORDS: tuple[Component, ...] = (
    component(
        "button",
        "What one presses: a link when it leads somewhere, a button when it does something.",
        [
            ("label", "text", "What it does, as a verb."),
            ("href", "address", '""', "Where it leads; makes it a link."),
            ("kind", "main, line, quiet, alert", '"main"', "One main button a page."),
            ("icon_name", "icon", '""', "Drawn before the word."),
            ("name", "text", '""', "Name sent with the form."),
            ("value", "text", '""', "Value sent with the form."),
            ("type", "submit, button", '"submit"', "What pressing does."),
            ("disabled", "bool", "false", "Prefer to say why it cannot be done."),
        ],
        ("Main", '{{ button("Prendre rendez-vous") }}'),
        (
            "Others",
            (
                '{{ button("Voir le registre", href="#", kind="line") }} '
                '{{ button("Plus tard", kind="quiet") }} '
                '{{ button("Supprimer", kind="alert", icon_name="trash") }}'
            ),
        ),
    ),
    component(
        "icon_sheet",
        "Every icon of the family, with its name; `icon(name)` draws one.",
        [("names", "list of names", "Those of core/web/icons.py.")],
        ("All", "{{ icon_sheet(icon_names) }}"),
    ),
    component(
        "actions",
        "A row of links to what one can do; the first stands out.",
        [("links", LINKS, "At most three.")],
        (
            "Two",
            '{{ actions([{"label": "Signaler", "href": "#"}, {"label": "Suivre", "href": "#"}]) }}',
        ),
    ),
    component(
        "downloads",
        "Formats of a file, with size or licence.",
        [("items", "list of {label, href, facts?, media_type?}", "One a format.")],
        ("CSV", '{{ downloads([{"label": "CSV", "href": "#", "facts": "12 ko"}]) }}'),
    ),
    component(
        "tag",
        "A state in a word, with a sign: never colour alone.",
        [
            ("label", "text", "The state."),
            ("state", "on, soon, off, warn, alert, call, neutral", '"neutral"', "How it looks."),
        ],
        (
            "All",
            (
                '{{ tag("en service", "on") }} {{ tag("en préparation", "soon") }} '
                '{{ tag("arrêté", "off") }} {{ tag("à vérifier", "warn") }} '
                '{{ tag("refusé", "alert") }} {{ tag("appel ouvert", "call") }} {{ tag("2018") }}'
            ),
        ),
    ),
    component(
        "amount",
        "Money, or that it was not published: unknown is never zero.",
        [("value", "Decimal or none", "In euros.")],
        ("Known", "{{ amount(granted) }}"),
        ("Unknown", "{{ amount(none) }}"),
    ),
    component(
        "figures",
        "A few figures that matter, each with its words.",
        [("items", "list of {label, value or none, note?}", "Three at most.")],
        (
            "Three",
            (
                '{{ figures([{"label": "expérimentations", "value": "23"}, '
                '{"label": "communes", "value": "131"}, {"label": "réponses", "value": none}]) }}'
            ),
        ),
    ),
    component(
        "notice",
        "Something to know before going on.",
        [
            ("text", "text", '""', "One or two sentences."),
            ("title", "text", '""', "The point, in a few words."),
            ("kind", "info, success, warning, error", '"info"', "How much it matters."),
        ],
        ("Information", '{{ notice("Le montant n’a pas été publié.", title="À savoir") }}'),
        ("Success", '{{ notice("Votre demande est enregistrée.", kind="success") }}'),
        ("Warning", '{{ notice("Il manque un document.", kind="warning") }}'),
        ("Error", '{{ notice("Réessayez plus tard.", title="Envoi impossible", kind="error") }}'),
        block=True,
    ),
    component(
        "empty_state",
        "An empty list that helps.",
        [
            ("title", "text", "What is not there."),
            ("text", "text", '""', "Why, and what to try."),
            ("icon_name", "icon", '"search"', "Drawn above."),
            ("action", LINK, "none", "The way out."),
        ],
        ("Nothing found", '{{ empty_state("Aucun résultat", "Essayez un autre nom.") }}'),
    ),
    component(
        "source_note",
        "Where figures come from, under them.",
        [
            ("source", "text", "Who published them."),
            ("date", "date", "none", "When."),
            ("href", "address", '""', "The publication."),
            ("licence", "text", '""', "Terms of reuse."),
        ],
        ("Dated", '{{ source_note("Communiqué de la métropole", date=voted) }}'),
    ),
    component(
        "table",
        "Rows to compare; on a narrow screen each row becomes a small sheet.",
        [
            ("caption", "text", "What it lists."),
            (
                "columns",
                "list of {key, label, num?, sort_href?, sorted?}",
                "The first names a row.",
            ),
            ("rows", "list", "Dictionaries; or anything, when a block draws the cells."),
            ("note", "text", '""', "Under the caption."),
            ("stack", "bool", "true", "False scrolls sideways, for agents."),
            ("dense", "bool", "false", "Tighter, with a sticky head."),
            ("empty", "text", '""', "When there is no row."),
        ],
        (
            "Register",
            (
                '{{ table("Registre", [{"key": "who", "label": "Bénéficiaire"}, {"key": "sum", '
                '"label": "Montant", "num": true}], [{"who": "Antony", "sum": amount(none)}]) }}'
            ),
        ),
        block=True,
    ),
    component(
        "definitions",
        "Facts about one thing.",
        [("items", "list of {label, value or none}", "In the order of interest.")],
        (
            "Two",
            (
                '{{ definitions([{"label": "Champ", "value": "logistique"}, '
                '{"label": "Montant", "value": none}]) }}'
            ),
        ),
    ),
    component(
        "list_count",
        "How many, above a list.",
        [("total", "int", "All."), ("shown", "int", "none", "Those shown, if fewer.")],
        ("Plain", "{{ list_count(23) }}"),
    ),
    component(
        "api_sample",
        "How a program asks, and what it gets.",
        [
            ("method", "verb", "GET, POST…"),
            ("path", "path", "With its parameters."),
            ("body", "text", '""', "What is sent."),
            ("answer", "text", '""', "What comes back."),
            ("label", "text", '""', "What for."),
        ],
        ("Read", """{{ api_sample("GET", "/api/communes", answer='{"count": 131}') }}"""),
    ),
    component(
        "cards",
        "A grid of cards.",
        [("two", "bool", "false", "Wider cards.")],
        ("Two", '{% call cards() %}{{ card("Livraison") }}{{ card("Jardins") }}{% endcall %}'),
        block=True,
    ),
    component(
        "card",
        "One thing among its like.",
        [
            ("title", "text", "Its name."),
            ("text", "text", '""', "A sentence."),
            ("href", "address", '""', "The whole card leads there."),
            ("icon_name", "icon", '""', "Before the name."),
            ("foot", "markup", '""', "A tag, a date."),
            ("level", "int", "3", "Of the heading."),
        ],
        (
            "Service",
            (
                '{{ card("Stationnement", "Trouver une place libre.", href="#", '
                'icon_name="parking", foot=tag("en service", "on")) }}'
            ),
        ),
        block=True,
    ),
    component(
        "details",
        "What few people need, one press away.",
        [("summary", "text", "The question."), ("open", "bool", "false", "Open at first.")],
        ("Question", '{% call details("Qui peut déposer ?") %}<p>Toute commune.</p>{% endcall %}'),
        block=True,
    ),
    component(
        "aside",
        "Beside the work: help, contact.",
        [("title", "text", "What about."), ("level", "int", "2", "Of the heading.")],
        ("Help", '{% call aside("Besoin d’aide ?", 3) %}<p>Au guichet.</p>{% endcall %}'),
        block=True,
    ),
    component(
        "timeline",
        "What happened, and what comes.",
        [("items", "list of {title, date or none, text?, state?}", "done, current or next.")],
        (
            "Two",
            (
                '{{ timeline([{"title": "Délibération", "date": voted}, '
                '{"title": "Évaluation", "date": none, "state": "next"}]) }}'
            ),
        ),
    ),
    component(
        "lines",
        "A plain list of links.",
        [("items", "list of {label, href?, sub?}", "One a line.")],
        ("One", '{{ lines([{"label": "Le kiosque", "href": "#", "sub": "Alfortville"}]) }}'),
    ),
)
