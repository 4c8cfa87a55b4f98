"""The editor: forms, their pages and questions, a preview, test cases, versions."""

from communs.core.forms.views.editor.forms import add, exported, form, imported, index, settings
from communs.core.forms.views.editor.nodes import add_node, condition, node
from communs.core.forms.views.editor.previews import preview, preview_first, test, tests
from communs.core.forms.views.editor.trials import trial, trial_move, trial_page
from communs.core.forms.views.editor.versions import publish, version, versions

__all__ = [
    "add",
    "add_node",
    "condition",
    "exported",
    "form",
    "imported",
    "index",
    "node",
    "preview",
    "preview_first",
    "publish",
    "settings",
    "test",
    "tests",
    "trial",
    "trial_move",
    "trial_page",
    "version",
    "versions",
]
