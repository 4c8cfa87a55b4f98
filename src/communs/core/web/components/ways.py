"""Forms and ways through the pages."""

from communs.core.web.components.kind import LINK, LINKS, Component, component

WAYS: tuple[Component, ...] = (
    component(
        "field",
        "A field of a Django form: label, help, error, then the control.",
        [
            ("bound", "BoundField", "The field."),
            ("type", "input type", '""', "date, number, color, search… when the widget is plain."),
            ("words", "bool", "true", "Say required, optional, or what `needed_to` says."),
            ("wide", "bool", "false", "Takes the room left, among filters."),
        ],
        ("Text", "{{ field(form.name) }}"),
        ("Choices", "{{ field(form.kind) }}{{ field(form.how) }}"),
        ("Date, number", '{{ field(form.day) }}{{ field(form.places, type="number") }}'),
        ("File", "{{ field(form.photo) }}"),
        ("Long text, tick", "{{ field(form.text) }}{{ field(form.agreed) }}"),
        ("Error", "{{ field(wrong.name) }}"),
    ),
    component(
        "error_summary",
        "Every error of a form, at the top, linked to its field.",
        [
            ("form", "Form", "Nothing is drawn without errors."),
            ("focus", "bool", "true", "Begin reading the page there."),
        ],
        (
            "Errors",
            "{{ error_summary(wrong, focus=false) }}{{ field(wrong.kind) }}{{ field(wrong.how) }}",
        ),
    ),
    component(
        "form_fields",
        "Error summary and every field of a form.",
        [("form", "Form", "The form."), ("words", "bool", "true", "Say required or optional.")],
        ("Whole form", '<div class="form">{{ form_fields(filters_form, words=false) }}</div>'),
    ),
    component(
        "filters",
        "Filters of a list (GET); with a target, only that part of the page is fetched anew.",
        [
            ("form", "Form", "Its first field takes the room left."),
            ("action", "address", '""', "The list's page."),
            ("label", "text", '""', "Name of the form, when a page has several."),
            ("target", "text", '""', "Id of what changes with the filters."),
        ],
        ("Of a list", "{{ filters(filters_form) }}"),
    ),
    component(
        "chips",
        "The filters in force, each removable.",
        [
            ("items", LINKS, "A filter in force, and the list without it."),
            ("clear_href", "address", '""', "The list without filters."),
        ],
        ("One in force", '{{ chips([{"label": "logistique", "href": "#"}], "#") }}'),
    ),
    component(
        "search_box",
        "One box to search.",
        [
            ("action", "address", "Where results are."),
            ("query", "text", '""', "What was asked."),
            ("id", "text", '"search"', "Unique in the page."),
            ("label", "text", '""', "What can be found."),
            ("large", "bool", "false", "On the page of results."),
        ],
        ("Plain", '{{ search_box("#", id="sample-search", large=true) }}'),
    ),
    component(
        "breadcrumb",
        "Where one is.",
        [("trail", LINKS, "From the home."), ("current", "text", '""', "This page.")],
        ("Two levels", '{{ breadcrumb([{"label": "Accueil", "href": "#"}], "Registre") }}'),
    ),
    component(
        "page_header",
        "How a page opens: what it is, who runs it, the one thing to do. Holds the h1.",
        [
            ("title", "text", "What it is."),
            ("eyebrow", "text", '""', "Who runs it."),
            ("lead", "text", '""', "One or two sentences."),
            ("action", LINK, "none", "What most people come to do."),
            ("second", LINK, "none", "Another thing."),
            ("trail", LINKS, "()", "Breadcrumb."),
            ("band", "bool", "true", "A tinted ground."),
        ],
        ("Register", '{{ page_header("Registre", eyebrow="Fonds", lead="Depuis 2018.") }}', False),
        block=True,
    ),
    component(
        "tabs",
        "Views of one thing, each with its address.",
        [("items", "list of {label, href, current, count?}", "Views."), ("label", "text", "Name.")],
        (
            "Two",
            (
                '{{ tabs([{"label": "Toutes", "href": "#", "current": true, "count": 23}, '
                '{"label": "En service", "href": "#", "current": false}], "Vues") }}'
            ),
        ),
    ),
    component(
        "steps",
        "How far one is in a form of several pages.",
        [
            ("items", "list of {label, state}", "done, current or empty."),
            ("label", "text", "Name."),
        ],
        (
            "Second of three",
            (
                '{{ steps([{"label": "Vous", "state": "done"}, {"label": "Demande", "state": '
                '"current"}, {"label": "Relecture", "state": ""}], "Étapes") }}'
            ),
        ),
    ),
    component(
        "pagination",
        "Pages of a long list.",
        [
            ("page_object", "Page", "Of a paginator."),
            ("base", "text", '"?page="', "Before a number."),
        ],
        ("Fourth of 23", "{{ pagination(pages) }}"),
    ),
    component(
        "language_switch",
        "The same page in the other language.",
        [("languages", "list of {code, label, href, current}", "Every language.")],
        (
            "To English",
            (
                '{{ language_switch([{"code": "en", "label": "English", "href": "#", '
                '"current": false}]) }}'
            ),
        ),
    ),
    component(
        "bell_words",
        "What stands in the link to one's notices; asked again while a page is open.",
        [("unread", "number", "Notices not read.")],
        ("Some to read", "{{ bell_words(3) }}"),
    ),
    component(
        "person_menu",
        "Sign in, or who is signed in.",
        [
            ("person", "{name} or none", "Who reads."),
            ("sign_in", "address", "Page."),
            ("sign_out", "address", "Sent by a form."),
            ("csrf", "markup", '""', "csrf_input, when signed in."),
            ("settings", "address", '""', "The community's settings, for who may change them."),
            ("account", "address", '""', "The person's own account."),
            ("unread", "number", "none", "Notices not read; none shows no way to them."),
        ],
        ("Signed out", '{{ person_menu(none, "#", "#") }}'),
    ),
)
