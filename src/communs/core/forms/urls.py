"""Addresses of the editor of forms."""

from django.urls import path

from communs.core.forms.views import editor

app_name = "forms"
urlpatterns = [
    path("", editor.index, name="index"),
    path("ajouter/", editor.add, name="add"),
    path("<uuid:key>/", editor.form, name="form"),
    path("<uuid:key>/reglages/", editor.settings, name="settings"),
    path("<uuid:key>/ajouter/", editor.add_node, name="add_node"),
    path("<uuid:key>/element/<slug:node>/", editor.node, name="node"),
    path("<uuid:key>/element/<slug:node>/condition/", editor.condition, name="condition"),
    path("<uuid:key>/apercu/", editor.preview_first, name="preview_first"),
    path("<uuid:key>/apercu/<slug:page>/", editor.preview, name="preview"),
    path("<uuid:key>/cas/", editor.tests, name="tests"),
    path("<uuid:key>/cas/<uuid:case>/", editor.test, name="test"),
    path("<uuid:key>/publier/", editor.publish, name="publish"),
    path("<uuid:key>/essai/", editor.trial, name="trial"),
    path("<uuid:key>/essai/version/", editor.trial_move, name="trial_move"),
    path("<uuid:key>/essai/pages/<slug:page>/", editor.trial_page, name="trial_page"),
    path("<uuid:key>/versions/", editor.versions, name="versions"),
    path("<uuid:key>/versions/<int:number>/", editor.version, name="version"),
    path("<uuid:key>/definition.json", editor.exported, name="exported"),
    path("<uuid:key>/importer/", editor.imported, name="imported"),
]
