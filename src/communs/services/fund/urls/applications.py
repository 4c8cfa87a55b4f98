"""Addresses of applications."""

from django.urls import path

from communs.services.fund import views

_FILE = "dossiers/<slug:number>/"
_FORM = f"{_FILE}formulaire/"
_PARTNERS = f"{_FILE}partenaires/"
_SIGNED = f"{_FILE}signature/"

urlpatterns = [
    path("dossiers/", views.list_files, name="files"),
    path(_FILE, views.file, name="file"),
    path(f"{_FILE}projet/", views.project, name="project"),
    path(_FORM, views.form, name="form"),
    path(f"{_FORM}nouvelle-version/", views.newer_form, name="newer_form"),
    path(f"{_FORM}<slug:page>/", views.fill, name="fill"),
    path(f"{_FILE}plan/", views.plan, name="plan"),
    path(f"{_FILE}plan/verifier/", views.check_plan, name="check_plan"),
    path(_PARTNERS, views.partners, name="partners"),
    path(f"{_PARTNERS}inviter/", views.invite, name="invite"),
    path(f"{_PARTNERS}parts-egales/", views.share_equally, name="share_equally"),
    path(f"{_PARTNERS}<uuid:key>/retirer/", views.remove_partner, name="remove_partner"),
    path(_SIGNED, views.signatures, name="signatures"),
    path(f"{_SIGNED}<uuid:key>/", views.sign, name="sign"),
    path(f"{_SIGNED}<uuid:key>/reprendre/", views.take_signature_back, name="take_back"),
    path(f"{_FILE}envoi/", views.send, name="send"),
    path(f"{_FILE}demandes/<uuid:key>/", views.answer, name="answer"),
    path(f"{_FILE}retrait/", views.withdraw, name="withdraw"),
    path(f"{_FILE}recepisse.pdf", views.receipt, name="receipt"),
]
