"""A page, a section or a question: added, set, asked only under a condition."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from communs.core.forms import actions
from communs.core.forms.conditioning import Leaves, leaf_from, readable, value_control
from communs.core.forms.editor_words import condition as condition_words
from communs.core.forms.editor_words import kind_words, leaf, ops_of
from communs.core.forms.engine import editing as edits
from communs.core.forms.engine.definition import (
    Definition,
    Field,
    Node,
    Page,
    Section,
    node_of,
    title_of,
)
from communs.core.forms.forms import HeadForm, KindForm, SectionForm, form_for, node_from
from communs.core.forms.models import Form
from communs.core.forms.views.editor.found import (
    CONFLICT,
    UNPROCESSABLE,
    editing,
    form_found,
    revision_of,
    shown,
)
from communs.core.forms.wording import KINDS, here
from communs.core.kit.errors import Refused
from communs.core.registry.request import Request


@editing
def add_node(request: Request, key: UUID) -> HttpResponse:
    """Add a page, a section to a page, or a question to a section."""
    found = form_found(key)
    definition = found.read()
    inside = node_of(definition, request.GET.get("dans", ""))
    asked = _asked(inside, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        made = _made(asked, inside, definition)
        changed = edits.added(definition, made, inside.key if inside else "")
        if _kept(request, found, changed, f"add {made.key}", asked):
            target = made.key if isinstance(made, Field) else None
            return redirect("forms:node", key, target) if target else redirect("forms:form", key)
    context = {"form": found, "asked": asked, "inside": inside and title_of(inside, here())}
    context["what"] = "page" if inside is None else "field"
    if isinstance(inside, Page):
        context["what"] = "section"
    return shown(request, "add_node", context, UNPROCESSABLE if asked.errors else 200)


@editing
def node(request: Request, key: UUID, node: str) -> HttpResponse:
    """A page, a section or a question, with all that is set of it."""
    found = form_found(key)
    definition = found.read()
    one = _node(definition, node)
    asked = form_for(one, definition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        changed = edits.replaced(definition, node, node_from(asked, one, definition))
        if _kept(request, found, changed, f"set {node}", asked):
            return _after_setting(request, key, node)
    context = {
        "form": found,
        "asked": asked,
        "node": one,
        "what": kind_words(one),
        "title": title_of(one, here()),
        "kind": KINDS[one.kind] if isinstance(one, Field) else "",
        "condition": condition_words(one.when, definition),
    }
    return shown(request, "node", context, UNPROCESSABLE if asked.errors else 200)


@editing
def condition(request: Request, key: UUID, node: str) -> HttpResponse:
    """When a page, a section or a question is asked: comparisons, one after another."""
    found = form_found(key)
    definition = found.read()
    one = _node(definition, node)
    wrong = ""
    if request.method == "POST":
        wrong = _conditioned(request, found, definition, one)
        if not wrong:
            return redirect("forms:condition", key, node)
    leaves = Leaves.of(one.when)
    context = {
        "form": found,
        "node": one,
        "title": title_of(one, here()),
        "what": kind_words(one),
        "leaves": [leaf(each, definition) for each in leaves.rows] if leaves else None,
        "joint": leaves.joint if leaves else "all",
        "words": condition_words(one.when, definition),
        "readable": readable(definition, one),
        "asked": _comparison(request, definition, one),
        "refusal": wrong,
    }
    return shown(request, "condition", context, CONFLICT if wrong else 200)


def _node(definition: Definition, key: str) -> Node:
    found = node_of(definition, key)
    if found is None:
        raise Http404(_("No such page, section or question in this form."))
    return found


def _asked(inside: Node | None, data: Any) -> Any:
    if inside is None:
        return HeadForm(data)
    return SectionForm(data) if isinstance(inside, Page) else KindForm(data)


def _made(asked: Any, inside: Node | None, definition: Definition) -> Node:
    given = asked.cleaned_data
    key = edits.new_key(definition, given.get("title") or given.get("label") or _("section"))
    if inside is None:
        page = node_from(asked, Page(key=key, title=given["title"]), definition)
        section = Section(key=edits.free_key(f"{key} s", {key}))
        return msgspec.structs.replace(page, sections=(section,))
    if isinstance(inside, Page):
        return node_from(asked, Section(key=key), definition)
    return Field(key=key, kind=given["kind"], label=given["label"])


def _kept(request: Request, found: Form, changed: Definition, what: str, asked: Any) -> bool:
    try:
        actions.change_form(
            form=found,
            definition=changed,
            revision=revision_of(request),
            what=what,
            at=timezone.now(),
            by=request.user,
        )
    except Refused as refused:
        asked.add_error(None, str(refused))
        return False
    return True


def _after_setting(request: Request, key: UUID, node: str) -> HttpResponse:
    if request.POST.get("do") == "stay":
        messages.success(request, _("Saved."))
        return redirect("forms:node", key, node)
    return redirect("forms:form", key)


def _conditioned(request: Request, found: Form, definition: Definition, one: Node) -> str:
    """Change the condition as asked; give the sentence of the refusal, or nothing."""
    try:
        tree = leaf_from(request.POST, one.when, definition)
        changed = edits.replaced(definition, one.key, msgspec.structs.replace(one, when=tree))
        actions.change_form(
            form=found,
            definition=changed,
            revision=revision_of(request),
            what=f"condition {one.key}",
            at=timezone.now(),
            by=request.user,
        )
    except Refused as refused:
        return str(refused)
    return ""


def _comparison(request: Request, definition: Definition, one: Node) -> dict[str, Any] | None:
    """Give what is needed to compare the question that was chosen, if one was."""
    key = request.POST.get("question") or request.GET.get("question", "")
    chosen = next((spot for spot in readable(definition, one) if spot.field.key == key), None)
    if chosen is None:
        return None
    return {
        "key": key,
        "label": title_of(chosen.field, here()),
        "ops": ops_of(chosen.field),
        "op": request.POST.get("op", ""),
        "control": value_control(chosen.field, request.POST.get("value", "")),
    }
