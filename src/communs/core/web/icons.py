"""One family of stroke icons, 24 by 24, always shown beside a word."""

from functools import cache

from markupsafe import Markup

OPENING = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
SHAPES: dict[str, str] = {
    "accessibility": '<circle cx="12" cy="4.6" r="1.6"/><path d="M4.5 8.6c5 1.4 10 1.4 15 0M12 9.6'
    'v5l-3 6M12 14.6l3 6"/>',
    "arrow-left": '<path d="M20 12H4M10 6l-6 6 6 6"/>',
    "arrow-right": '<path d="M4 12h16M14 6l6 6-6 6"/>',
    "bell": '<path d="M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21.2h4M12 5V3"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 3.5 5v13.5c3.5-.5 6.5 0 8.5 1.5M12 6.5c2-1.5 5-2 8.5'
    '-1.5v13.5c-3.5-.5-6.5 0-8.5 1.5M12 6.5V20"/>',
    "bus": '<path d="M5 17V6.5Q5 4 7.5 4h9Q19 4 19 6.5V17zM5 12h14M7 17v2.5M17 17v2.5M9 4v8'
    'M15 4v8"/><path d="M8 14.5h.01M16 14.5h.01"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8"/>',
    "chart": '<path d="M4 4v16h16M8.5 16v-4M13 16V7.5M17.5 16v-6"/>',
    "chat": '<path d="M4 5h16v11.5H9.5L4 20.5zM8 9h8M8 12.5h5"/>',
    "check": '<path d="M4.5 12.5l5 5 10-11"/>',
    "chevron-down": '<path d="M6 9.5l6 6 6-6"/>',
    "chevron-left": '<path d="M14.5 6l-6 6 6 6"/>',
    "chevron-right": '<path d="M9.5 6l6 6-6 6"/>',
    "chevron-up": '<path d="M6 14.5l6-6 6 6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.5l3.5 2"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "cube": '<path d="M12 3.5l8 4.3v8.4l-8 4.3-8-4.3V7.8zM4 7.8l8 4.4 8-4.4M12 12.2v8.3"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4 20h16"/>',
    "edit": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5"/>',
    "euro": '<path d="M18 6.2A7.5 7.5 0 1 0 18 17.8M3.5 10.5H13M3.5 13.7h8.5"/>',
    "eye": '<path d="M2.5 12C5 7.5 8.2 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.7 6.5-9.5 6.5'
    'S5 16.5 2.5 12z"/><circle cx="12" cy="12" r="2.8"/>',
    "file": '<path d="M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 12.5h6.5M9 16h6.5"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "flag": '<path d="M5.5 21V4M5.5 4.5c4-2 7.5 2 13 0v9c-5.5 2-9-2-13 0"/>',
    "hands": '<path d="M12 12.5L8.8 9.2a2.3 2.3 0 0 1 3.2-3.2 2.3 2.3 0 0 1 3.2 3.2z'
    'M3.5 20v-6.5l3.5 1.5 3.5 3v2.5M20.5 20v-6.5L17 15l-3.5 3v2.5"/>',
    "home": '<path d="M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5L19.5 4M16 7.5l3 3"/>',
    "language": '<path d="M3.5 6.5h10M8.5 4v2.5M12 6.5c-1 4-4 7-8 8.5M5.5 9.5c1.5 2.5 3.5 '
    '4 6 5M12 20.5l4.2-10 4.3 10M13.5 17h5.6"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1.4 1.4M14 10a4 4 0 0 '
    '0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.4-1.4"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>',
    "lock": '<path d="M5.5 11h13v9h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11"/>',
    "mail": '<path d="M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7"/>',
    "map": '<path d="M3.5 6.5l5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.5v13M15 6.5v13"/>',
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "minus": '<path d="M5 12h14"/>',
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "parking": '<path d="M5 4h14v16H5zM10 16.5v-9h3a2.6 2.6 0 0 1 0 5.2h-3"/>',
    "phone": '<path d="M6 4h3.5l1.5 4.5-2.2 1.6a11 11 0 0 0 5.1 5.1l1.6-2.2L20 14.5V18a2 2 0 0 '
    '1-2.2 2C10.5 19.5 4.5 13.5 4 6.2A2 2 0 0 1 6 4z"/>',
    "pin": '<path d="M12 21c-4.5-5-6.5-8.3-6.5-11a6.5 6.5 0 0 1 13 0c0 2.7-2 6-6.5 11z"/>'
    '<circle cx="12" cy="10" r="2.3"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "repeat": '<path d="M4.5 12.5V11A4.5 4.5 0 0 1 9 6.5h10M16 3.5l3 3-3 3M19.5 11.5V13a4.5 '
    '4.5 0 0 1-4.5 4.5H5M8 20.5l-3-3 3-3"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5l5 5"/>',
    "settings": '<path d="M4 7h9M17.5 7H20M4 17h2.5M11 17h9"/><circle cx="15.2" cy="7" r="2.3"/>'
    '<circle cx="8.8" cy="17" r="2.3"/>',
    "star": '<path d="M12 3.8l2.5 5.3 5.8.7-4.3 4 1.1 5.7-5.1-2.8-5.1 2.8 1.1-5.7-4.3-4 5.8-.7z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 '
    '5.3L7 7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7"/>',
    "trash": '<path d="M4.5 7h15M9 7V4h6v3M6.5 7l1 13h9l1-13M10.3 11v5.5M13.7 11v5.5"/>',
    "tree": '<path d="M12 21v-8.5M12 16.5l3-2.5M12 14.5l-2.5-2M7.5 16.5a4 4 0 0 1-2-7.3 4 4 0 0 '
    '1 3-5 4.5 4.5 0 0 1 7 0 4 4 0 0 1 3 5 4 4 0 0 1-2 7.3"/>',
    "truck": '<path d="M3 6h10.5v10.5H3zM13.5 10h4l3.5 3.5v3h-7.5"/><circle cx="7.5" cy="17.5" '
    'r="2"/><circle cx="17" cy="17.5" r="2"/>',
    "unlock": '<path d="M5.5 11h13v9h-13zM8.5 11V7.5A3.5 3.5 0 0 1 15 6"/>',
    "upload": '<path d="M12 15.5V4M7 8.5l5-5 5 5M4 20h16"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4.5 3.5-6.5 7.5-6.5s7 2 7.5 '
    '6.5"/>',
    "users": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M15.5 '
    '5.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.7 3.5 5.5"/>',
    "warning": '<path d="M12 4l9 16H3zM12 10v4.5M12 17.2v.1"/>',
}


@cache
def icon(name: str) -> Markup:
    """Draw an icon; hidden from assistive tools, for a word stands beside it."""
    return Markup(f"{OPENING}{SHAPES[name]}</svg>")  # noqa: S704 - ours; an unknown name raises
