"""Addresses of the master plan and of digital commons."""

from django.urls import path

from communs.services.fund.views import commons, commons_managed, master_plan, plan_managed

_PLAN, _COMMON = "schema-directeur/", "communs/<slug:code>/"
_MANAGE = "gestion/schema-directeur/"
_STREAM = f"{_MANAGE}chantiers/<uuid:key>/"

urlpatterns = [
    path(_PLAN, master_plan.master_plan, name="master_plan"),
    path(f"{_PLAN}editions/", master_plan.editions, name="editions"),
    path("schema-directeur.csv", master_plan.master_plan_csv, name="master_plan_csv"),
    path("schema-directeur.json", master_plan.master_plan_json, name="master_plan_json"),
    path(f"{_PLAN}<slug:challenge>/", master_plan.challenge, name="challenge"),
    path("communs/", commons.commons, name="commons"),
    path("communs.csv", commons.commons_csv, name="commons_csv"),
    path("communs.json", commons.commons_json, name="commons_json"),
    path("communs/reprises/<uuid:key>/renoncer/", commons.give_up_copy, name="give_up_copy"),
    path(_COMMON, commons.common, name="common"),
    path(f"{_COMMON}demander/", commons.ask_common, name="ask_common"),
    path(_MANAGE, plan_managed.manage_plan, name="manage_plan"),
    path(f"{_MANAGE}chantiers/ajouter/", plan_managed.add_workstream, name="add_workstream"),
    path(f"{_STREAM}modifier/", plan_managed.change_workstream, name="change_workstream"),
    path(f"{_STREAM}clore/", plan_managed.close_workstream, name="close_workstream"),
    path(f"{_MANAGE}evaluations/<uuid:key>/", plan_managed.draw_lesson, name="draw_lesson"),
    path(f"{_MANAGE}enseignements/<uuid:key>/", plan_managed.lesson, name="lesson"),
    path(
        f"{_MANAGE}enseignements/<uuid:key>/modifier/",
        plan_managed.write_lesson,
        name="write_lesson",
    ),
    path(
        f"{_MANAGE}enseignements/<uuid:key>/avis/", plan_managed.review_lesson, name="review_lesson"
    ),
    path("gestion/communs/", commons_managed.manage_commons, name="manage_commons"),
    path("gestion/communs/<uuid:key>/proposer/", commons_managed.offer_common, name="offer_common"),
    path(
        "gestion/communs/<slug:code>/retirer/",
        commons_managed.withdraw_common,
        name="withdraw_common",
    ),
    path("gestion/reprises/<uuid:key>/mesurer/", commons_managed.measure_copy, name="measure_copy"),
    path(
        "gestion/reprises/<uuid:key>/confirmer/", commons_managed.confirm_copy, name="confirm_copy"
    ),
]
