"""Addresses of the examination."""

from django.urls import path

from communs.services.fund import views

_OPINIONS = "dossiers/<slug:number>/avis/"

urlpatterns = [
    path("bord/avis/", views.reviews, name="reviews"),
    path("interets/", views.interests, name="interests"),
    path("interets/<uuid:key>/finir/", views.end_interest, name="end_interest"),
    path("gestion/appels/<slug:code>/repartir/", views.share, name="share"),
    path(_OPINIONS, views.review, name="review"),
    path(f"{_OPINIONS}confier/", views.give, name="give"),
    path(f"{_OPINIONS}<uuid:key>/reprendre/", views.take_back_review, name="take_back_review"),
    path(f"{_OPINIONS}ensemble/", views.agree, name="agree"),
    path(f"{_OPINIONS}terminer/", views.finish, name="finish"),
    path("dossiers/<slug:number>/deport/", views.recuse, name="recuse"),
]
