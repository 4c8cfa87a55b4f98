"""Addresses of agreements, claims and payments."""

from django.urls import path

from communs.services.fund import views

_ONE = "dossiers/<slug:number>/convention/"
_AMENDED = f"{_ONE}avenants/"
_PAID = f"{_ONE}paiements/<uuid:key>/"
_TEMPLATES = "gestion/modeles/"

urlpatterns = [
    path("conventions/", views.agreements, name="agreements"),
    path("conventions/numerisation/", views.scan_agreements, name="scan_agreements"),
    path(_ONE, views.agreement, name="agreement"),
    path(f"{_ONE}rediger/", views.draft_agreement, name="draft_agreement"),
    path(f"{_ONE}envoi/", views.send_agreement, name="send_agreement"),
    path(f"{_ONE}signature/", views.sign_agreement, name="sign_agreement"),
    path(f"{_ONE}numerisation/", views.scan_agreement, name="scan_agreement"),
    path(f"{_ONE}fin/", views.end_agreement, name="end_agreement"),
    path("dossiers/<slug:number>/convention.pdf", views.agreement_pdf, name="agreement_pdf"),
    path("dossiers/<slug:number>/convention.docx", views.agreement_docx, name="agreement_docx"),
    path(f"{_AMENDED}prolonger/", views.extend, name="extend"),
    path(f"{_AMENDED}depart/", views.let_partner_go, name="let_partner_go"),
    path(f"{_AMENDED}repartition/", views.shift_budget, name="shift_budget"),
    path(f"{_AMENDED}<uuid:key>.pdf", views.amendment_pdf, name="amendment_pdf"),
    path(f"{_AMENDED}<uuid:key>/vote/", views.vote_amendment, name="vote_amendment"),
    path(f"{_AMENDED}<uuid:key>/signature/", views.sign_amendment, name="sign_amendment"),
    path(f"{_AMENDED}<uuid:key>/abandon/", views.abandon_amendment, name="abandon_amendment"),
    path(f"{_ONE}demandes/", views.claim, name="claim"),
    path(f"{_ONE}demandes/<uuid:key>/controle/", views.check_claim, name="check_claim"),
    path(f"{_ONE}demandes/<uuid:key>/rejet/", views.reject_claim, name="reject_claim"),
    path(f"{_PAID}controle/", views.check_payment, name="check_payment"),
    path(f"{_PAID}mandat/", views.order_payment, name="order_payment"),
    path(f"{_PAID}versement/", views.pay, name="pay"),
    path(f"{_PAID}rejet/", views.reject_payment, name="reject_payment"),
    path(f"{_ONE}trop-percus/<uuid:key>/", views.receive, name="receive"),
    path("bord/finances/", views.finance, name="finance"),
    path("bord/pilotage/", views.pilot, name="pilot"),
    path(_TEMPLATES, views.agreement_templates, name="agreement_templates"),
    path(f"{_TEMPLATES}ajouter/", views.add_template, name="add_template"),
    path(f"{_TEMPLATES}<uuid:key>/", views.change_template, name="change_template"),
    path(f"{_TEMPLATES}<uuid:key>/appel/", views.choose_template, name="choose_template"),
]
