"""The environment of our pages' templates."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django_htmx.jinja import htmx_script
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from communs.core.communities.addresses import url_of
from communs.core.files.words import size
from communs.core.kit import localised, telephone
from communs.core.web.atlas import base_layer
from communs.core.web.icons import icon


def environment(**options: Any) -> Environment:
    """Make the environment: escaped, strict about unknown names, translated."""
    options.pop("loader", None)
    options["undefined"] = StrictUndefined
    env = Environment(  # noqa: S701 -- Django's backend passes autoescape=True
        **options,
        loader=ChoiceLoader(_loaders()),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals |= {
        "url": _url,
        "url_of": url_of,
        "static": static,
        "icon": icon,
        "htmx_script": htmx_script,
        "money": localised.money,
        "day": localised.day,
        "month": localised.month,
        "moment": localised.moment,
        "size": size,
        "number": localised.number,
        "spoken": telephone.spoken,
        "base_layer": base_layer,
    }
    return env


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def _loaders() -> list[FileSystemLoader]:
    others = ("django", "allauth")  # theirs are in another language of templates
    ours = [app for app in apps.get_app_configs() if not app.name.startswith(others)]
    return [FileSystemLoader(f"{app.path}/templates") for app in ours]
