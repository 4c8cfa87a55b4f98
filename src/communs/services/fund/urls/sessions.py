"""Addresses of the committee and of the Bureau."""

from django.urls import path

from communs.services.fund import views

urlpatterns = [
    path("comite/", views.committee, name="committee"),
    path("comite/ajouter/", views.plan_committee, name="plan_committee"),
    path("comite/<uuid:key>/", views.room, name="room"),
    path("comite/<uuid:key>/ordre-du-jour/", views.write_agenda, name="write_agenda"),
    path("comite/<uuid:key>/cloture/", views.close_session, name="close_session"),
    path("comite/<uuid:key>/classements/", views.rankings, name="rankings"),
    path("comite/<uuid:key>/classements/ajouter/", views.rank, name="rank"),
    path("comite/<uuid:key>/proces-verbal.pdf", views.minutes_pdf, name="minutes_pdf"),
    path("comite/<uuid:key>/proces-verbal.docx", views.minutes_docx, name="minutes_docx"),
    path("comite/points/<uuid:key>/avis/", views.opine, name="opine"),
    path("comite/points/<uuid:key>/retirer/", views.take_off, name="take_off"),
    path("comite/classements/<uuid:key>/", views.ranking, name="ranking"),
    path("comite/classements/<uuid:key>/retenir/", views.retain, name="retain"),
    path("seances/<uuid:key>/presences/", views.attend, name="attend"),
    path("seances/<uuid:key>/ouverture/", views.open_session, name="open_session"),
    path("bureau/", views.bureau, name="bureau"),
    path("bureau/deliberations.csv", views.acts_csv, name="acts_csv"),
    path("bureau/deliberations.json", views.acts_json, name="acts_json"),
    path("bureau/ajouter/", views.plan_bureau, name="plan_bureau"),
    path("bureau/<uuid:key>/", views.sitting, name="sitting"),
    path("bureau/<uuid:key>/deliberations/", views.deliberate, name="deliberate"),
    path("bureau/deliberations/<uuid:key>/", views.act, name="act"),
    path("bureau/deliberations/<uuid:key>/dossiers/", views.add_decisions, name="add_decisions"),
    path("bureau/deliberations/<uuid:key>/vote/", views.vote, name="vote"),
    path("bureau/deliberations/<uuid:key>/sceau/", views.seal, name="seal"),
    path("bureau/deliberations/<uuid:key>.pdf", views.act_pdf, name="act_pdf"),
    path("bureau/deliberations/<uuid:key>.docx", views.act_docx, name="act_docx"),
    path("bureau/decisions/<uuid:key>/", views.decide, name="decide"),
    path("bureau/decisions/<uuid:key>/retirer/", views.undecide, name="undecide"),
]
