"""Addresses of experiments, their panel and their evaluations."""

from django.urls import path

from communs.services.fund import views

_ALL = "experimentations/"
_ONE = f"{_ALL}<slug:code>/"
_EVALUATION = f"{_ONE}evaluation/<int:number>"
_STEPS = {
    "start": "demarrage",
    "pause": "pause",
    "resume": "reprise",
    "measure": "fin-essai",
    "abandon": "abandon",
    "milestone": "jalons/ajouter",
    "difficulty": "difficultes/ajouter",
    "visit": "visites/ajouter",
}

urlpatterns = [
    path(_ALL, views.experiments, name="experiments"),
    path("experimentations.csv", views.experiments_csv, name="experiments_csv"),
    path("experimentations.json", views.experiments_json, name="experiments_json"),
    path("gestion/experimentations/concevoir/", views.design_experiment, name="design_experiment"),
    path(f"{_ALL}panel/<str:token>/", views.panel_answer, name="panel_answer"),
    path(f"{_ALL}panel/<str:token>/quitter/", views.panel_leave, name="panel_leave"),
    path(_ONE, views.experiment, name="experiment"),
    path(f"{_ONE}protocole/", views.protocol, name="protocol"),
    path(f"{_ONE}accord/", views.agree_protocol, name="agree_protocol"),
    path(f"{_ONE}configuration/", views.configure_experiment, name="configure_experiment"),
    path(f"{_ONE}panel/", views.panel, name="panel"),
    path(f"{_ONE}panel/testeurs/", views.testers, name="testers"),
    path(f"{_ONE}panel/inscrire/", views.enrol_tester, name="enrol_tester"),
    path(f"{_ONE}jalons/<uuid:key>/", views.reach_milestone, name="reach_milestone"),
    path(f"{_ONE}difficultes/<uuid:key>/", views.settle_difficulty, name="settle_difficulty"),
    path(f"{_ONE}reponses/<uuid:key>/", views.moderate_feedback, name="moderate_feedback"),
    path(f"{_ONE}evaluer/", views.evaluate_experiment, name="evaluate_experiment"),
    path(f"{_EVALUATION}/", views.evaluation, name="evaluation"),
    path(f"{_EVALUATION}.pdf", views.evaluation_pdf, name="evaluation_pdf"),
    path(f"{_EVALUATION}.json", views.evaluation_json, name="evaluation_json"),
    path(f"{_EVALUATION}.csv", views.evaluation_csv, name="evaluation_csv"),
    path(f"{_EVALUATION}/verdict/", views.decide_verdict, name="decide_verdict"),
    *(
        path(f"{_ONE}{tail}/", views.experiment_step, {"step": step}, name=f"experiment_{step}")
        for step, tail in _STEPS.items()
    ),
]
