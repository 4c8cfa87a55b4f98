"""The kit: what is declared is what the templates define, and every example renders."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from jinja2 import nodes

from communs.core.kit.forms import needed_to
from communs.core.web import icons
from communs.core.web.components import COMPONENTS, REQUIRED

WEB = Path(icons.__file__).parent
KIT = WEB / "templates/kit"
STATIC = WEB / "static/communs"
DECLARED = {component.name: component for component in COMPONENTS}
NO_MACROS = {"all.html", "gallery.html"}


@pytest.fixture(scope="module")
def environment():
    return next(e.env for e in engines.all() if hasattr(e, "env"))


def macros():
    environment = next(e.env for e in engines.all() if hasattr(e, "env"))
    for path in sorted(KIT.glob("*.html")):
        if path.name not in NO_MACROS:
            tree = environment.parse(path.read_text())
            yield from (m for m in tree.find_all(nodes.Macro) if not m.name.startswith("_"))


def defaults(macro):
    required = len(macro.args) - len(macro.defaults)
    values = [REQUIRED] * required + [as_written(node) for node in macro.defaults]
    return dict(zip((arg.name for arg in macro.args), values, strict=True))


def as_written(node):
    if isinstance(node, nodes.Tuple):
        return "()"
    return {True: "true", False: "false", None: "none"}.get(node.value) or json.dumps(node.value)


def test_every_macro_is_declared_once_and_every_declaration_is_a_macro():
    assert sorted(macro.name for macro in macros()) == sorted(c.name for c in COMPONENTS)


def test_options_are_the_macros_arguments():
    found = {macro.name: defaults(macro) for macro in macros()}
    assert found == {
        name: {option.name: option.default for option in component.options}
        for name, component in DECLARED.items()
    }


def test_a_block_is_declared_where_a_macro_calls_its_caller():
    uses = {
        macro.name: any(name.name == "caller" for name in macro.find_all(nodes.Name))
        for macro in macros()
    }
    assert uses == {name: component.block for name, component in DECLARED.items()}


def test_all_exports_every_macro(environment):
    exported = vars(environment.get_template("kit/all.html").module)
    assert {name for name in exported if not name.startswith("_")} == set(DECLARED)


@pytest.mark.parametrize(
    ("name", "example"),
    [(c.name, e) for c in COMPONENTS for e in c.examples],
    ids=lambda value: value if isinstance(value, str) else value.title,
)
def test_every_example_renders_without_style_or_script(environment, name, example):
    html = str(example.render(environment))
    assert html.strip(), name
    assert " style=" not in html
    assert "<script" not in html


def test_every_component_says_what_it_is_for_and_shows_it():
    silent = [
        c.name
        for c in COMPONENTS
        if not (c.summary.endswith(".") and c.examples and all(o.help for o in c.options))
    ]
    assert silent == []


def test_an_unpublished_amount_is_never_zero(environment):
    html = environment.from_string(
        '{% from "kit/all.html" import amount %}{{ amount(none) }}|{{ amount(zero) }}'
    ).render(zero=Decimal(0))
    unknown, zero = html.split("|")
    assert 'class="unknown"' in unknown
    assert "0" not in unknown
    assert 'class="amount"' in zero


def test_a_field_ties_its_help_and_its_error(environment):
    html = str(
        next(e for e in DECLARED["field"].examples if e.title == "Error").render(environment)
    )
    assert 'aria-describedby="wrong_name_helptext wrong_name_error"' in html
    assert 'id="wrong_name_helptext"' in html
    assert 'id="wrong_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_templates_hold_no_inline_style_or_script():
    guilty = [
        path.name
        for path in WEB.rglob("templates/**/*.html")
        for text in [path.read_text()]
        if " style=" in text or "<style" in text or "<script>" in text or " onclick=" in text
    ]
    assert guilty == []


def test_an_icon_is_hidden_and_a_word_stands_beside_it():
    assert 'aria-hidden="true"' in icons.icon("home")
    with pytest.raises(KeyError):
        icons.icon("no-such-icon")


def test_vendored_files_are_those_of_the_manifest():
    manifest = json.loads((STATIC / "vendor/manifest.json").read_text())
    for entry in manifest:
        assert (STATIC / entry["licence_file"]).read_text().strip()
        for name, checksum in entry["files"].items():
            assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == checksum
    assert {e["name"]: e["licence"] for e in manifest} == {
        "@fontsource-variable/atkinson-hyperlegible-next": "OFL-1.1",
        "@fontsource-variable/bricolage-grotesque": "OFL-1.1",
        "maplibre-gl": "BSD-3-Clause",
        "pmtiles": "BSD-3-Clause",
    }


def test_style_sheets_stay_small_and_ask_nobody_else():
    sheets = sorted((STATIC / "css").glob("*.css"))
    assert sum(len(sheet.read_text().splitlines()) for sheet in sheets) < 1200
    assert [s.name for s in sheets if "http" in s.read_text().replace("http://www.w3", "")] in (
        [],
        ["utilities.css"],  # prints the address of outside links
    )


def test_a_label_says_when_an_optional_field_is_necessary_all_the_same(environment):
    class Sample(forms.Form):
        why = forms.CharField(required=False)
        remark = forms.CharField(required=False)

    form = Sample({})
    needed_to(form, "nécessaire pour envoyer", "why", "not there")
    drawn = environment.from_string(
        '{% from "kit/all.html" import field %}{% for one in form %}{{ field(one) }}{% endfor %}'
    ).render(form=form)
    assert drawn.count("(nécessaire pour envoyer)") == 1
    assert drawn.count('class="mandatory"') == 2


def test_a_refused_form_is_read_from_its_errors(environment):
    class Sample(forms.Form):
        why = forms.CharField()

    source = '{% from "kit/all.html" import error_summary %}{{ error_summary(form) }}'
    drawn = environment.from_string(source)
    assert 'tabindex="-1" id="error-summary" autofocus' in drawn.render(form=Sample({}))
    assert not drawn.render(form=Sample({"why": "Oui"})).strip()
