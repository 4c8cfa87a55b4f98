"""Maps, and the pieces of the home page."""

from communs.core.web.components.kind import LINK, Component, component

ATLAS: tuple[Component, ...] = (
    component(
        "map",
        "A map drawn by the server, complete by itself; a moving one on request.",
        [
            ("view_box", "four numbers", "Of the drawing (core/web/mapping.py)."),
            ("shapes", "list of Shape", "Those with an address are links, in list order."),
            ("title", "text", "What the map shows."),
            ("legend", "list of {level, label}", "()", "What each look means."),
            ("list_href", "address", '""', "The same as a list: always give it."),
            ("grid", "Grid", "none", "Meridians and parallels."),
            (
                "data_src",
                "address",
                '""',
                "GeoJSON for the moving map (add js/map.js to the page).",
            ),
            ("raster", "address", '""', "Tiles under it, from this site."),
            ("pmtiles", "address", '""', "Or a PMTiles file, from this site."),
            ("credit", "text", '""', "Who made the data."),
            ("id", "text", '"map"', "Unique in the page."),
        ],
        (
            "Three shapes",
            (
                '{{ map("0 0 290 220", shapes, "Carte d’exemple", grid=grid, list_href="#", '
                'legend=[{"level": "two", "label": "deux"}, {"level": "one", "label": "une"}, '
                '{"level": "terr", "label": "par le territoire"}], id="sample") }}'
            ),
        ),
    ),
    component(
        "map_key",
        "One entry of a map's legend.",
        [
            ("level", "one, two, terr or empty", "The look."),
            ("label", "text", "What it means."),
            ("id", "text", '"map"', "That of the map."),
        ],
        ("One", '{{ map_key("one", "une expérimentation", "sample") }}'),
    ),
    component(
        "point_picker",
        "A moving map on request, that writes the place chosen into two fields.",
        [
            ("data_src", "address", "GeoJSON that shows where one is (add js/map.js to the page)."),
            ("lat", "id", "Of the field of the latitude."),
            ("lon", "id", "Of the field of the longitude."),
            ("title", "text", "What is chosen."),
            ("raster", "address", '""', "Tiles under it, from this site."),
            ("pmtiles", "address", '""', "Or a PMTiles file, from this site."),
            ("credit", "text", '""', "Who made the data."),
        ],
        ("Without its script", '{{ point_picker("#", "lat", "lon", "Où est-ce ?") }}'),
    ),
    component(
        "emblem",
        "A commune's own outline.",
        [
            ("view_box", "four numbers", "Around the outline."),
            ("path", "SVG path", "The outline."),
            ("label", "text", "Whose it is."),
        ],
        ("Outline", '{{ emblem("0 0 290 220", shapes[1].path, "Contour d’exemple") }}'),
    ),
    component(
        "hero_map",
        "The opening of the metropolis' home: words, figures, and a map in the block.",
        [
            ("title", "text", "The h1."),
            ("lead", "text", "Two sentences."),
            ("eyebrow", "text", '""', "Who speaks."),
            ("facts", "list of {label, value or none}", "()", "Three at most."),
            ("action", LINK, "none", "What most people come to do."),
            ("second", LINK, "none", "Another thing."),
        ],
        (
            "Opening",
            (
                '{% call hero_map("Nos services", "Financés, mesurés, partagés.") %}'
                '{{ map("0 0 290 220", shapes, "Carte", id="hero") }}{% endcall %}'
            ),
            False,
        ),
        block=True,
    ),
    component(
        "loop_steps",
        "The loop: fund, experiment, measure, decide, replicate.",
        [("title", "text", '""', "Instead of “The loop”.")],
        ("Loop", "{{ loop_steps() }}"),
    ),
    component(
        "theme_cards",
        "An index of themes, like that of an atlas.",
        [
            (
                "themes",
                "list of {icon, title, count, rows {title, href, place}, more_href, more_label}",
                "Give all their rows when they fit.",
            )
        ],
        (
            "One theme",
            (
                '{{ theme_cards([{"icon": "truck", "title": "Logistique", "count": 1, "rows": '
                '[{"title": "L’aire de livraison", "href": "#", "place": "Courbevoie"}], '
                '"more_href": "", "more_label": ""}]) }}'
            ),
        ),
    ),
)
