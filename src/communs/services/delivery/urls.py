"""Addresses, under /livraison/."""

from django.urls import path
from django.views.generic import RedirectView

from communs.services.delivery import views

app_name = "delivery"
urlpatterns = [
    path("", views.index, name="index"),
    path("aires.csv", views.bays_csv, name="bays_csv"),
    path("aires.geojson", views.bays_geojson, name="bays_geojson"),
    *[
        path(
            f"cds/{part}/",
            RedirectView.as_view(pattern_name=f"api:delivery_cds_{part}"),
            name=f"cds_{part}",
        )
        for part in ("zones", "policies", "sessions")
    ],
    path("cds/events/", views.cds_events, name="cds_events"),
    path("aires/<slug:code>/", views.bay, name="bay"),
    path("aires/<slug:code>/signaler/", views.report, name="report"),
    path("aires/<slug:code>/arrete/", views.order, name="order"),
    path("aires/<slug:code>/arrete.txt", views.order_text, name="order_text"),
    path("a/<slug:code>/", views.start, name="start"),
    path("t/<slug:secret>/", views.ticket, name="ticket"),
    path("t/<slug:secret>/fin/", views.leave, name="leave"),
    path("t/<slug:secret>/prolonger/", views.extend, name="extend"),
    path("tournee/", views.patrol, name="patrol"),
    path("tournee/<slug:code>/", views.check, name="check"),
    path("signalements/", views.reports, name="reports"),
    path("signalements/<uuid:key>/", views.moderate, name="moderate"),
    path("aires/<slug:code>/panneau/", views.sign, name="sign"),
    path("reservations/", views.bookings, name="bookings"),
    path("reservations/cle/", views.make_key, name="make_key"),
    path("reservations/appels/", views.hook, name="hook"),
    path("reservations/appels/essayer/", views.hook_test, name="hook_test"),
    path("reservations/appels/reprendre/", views.hook_resume, name="hook_resume"),
    path("reservations/appels/retirer/", views.hook_remove, name="hook_remove"),
    path("gestion/transporteurs/<uuid:key>/appels/", views.run_calls, name="run_calls"),
    path("reservations/<uuid:key>/", views.arrive, name="arrive"),
    path("reservations/<uuid:key>/annuler/", views.cancel_booking, name="cancel_booking"),
    path("bilan/", views.use, name="use"),
    path("bilan/<slug:code>/", views.use_of_bay, name="use_of_bay"),
    path("bilan.csv", views.use_csv, name="use_csv"),
    path("gestion/transporteurs/", views.add_carrier, name="add_carrier"),
    path("gestion/transporteurs/<uuid:key>/terminer/", views.end_carrier, name="end_carrier"),
    path("attendues/", views.expected, name="expected"),
    path("commerces/demander/", views.ask_shop, name="ask_shop"),
    path("commerces/<slug:secret>/", views.shop, name="shop"),
    path("commerces/<slug:secret>/<uuid:key>/pause/", views.pause_own, name="pause_own"),
    path("commerces/<slug:secret>/pauses/<uuid:key>/lever/", views.lift_own, name="lift_own"),
    path("gestion/commerces/", views.run_shops, name="run_shops"),
    path("gestion/commerces/<uuid:key>/", views.run_shop, name="run_shop"),
    path("gestion/commerces/<uuid:key>/repondre/", views.run_shop_answer, name="run_shop_answer"),
    path("gestion/commerces/<uuid:key>/page/", views.run_shop_page, name="run_shop_page"),
    path("gestion/commerces/<uuid:key>/terminer/", views.run_shop_end, name="run_shop_end"),
    path(
        "gestion/livraisons/<uuid:key>/terminer/",
        views.run_recurrence_end,
        name="run_recurrence_end",
    ),
    path(
        "gestion/livraisons/<uuid:key>/pause/",
        views.run_recurrence_pause,
        name="run_recurrence_pause",
    ),
    path("gestion/pauses/<uuid:key>/lever/", views.run_pause_lift, name="run_pause_lift"),
    path("gestion/attendues/", views.run_expected, name="run_expected"),
    path("gestion/attendues/<slug:code>/", views.run_expected_of_bay, name="run_expected_of_bay"),
    path("gestion/reservations/", views.run_bookings, name="run_bookings"),
    path("gestion/curblr/", views.run_curbs, name="run_curbs"),
    path("gestion/curblr/<uuid:key>/", views.run_curb_file, name="run_curb_file"),
    path("gestion/", views.manage, name="manage"),
    path("gestion/aires/ajouter/", views.add_bay, name="add_bay"),
    path("gestion/aires/<slug:code>/", views.change_bay, name="change_bay"),
    path("gestion/aires/<slug:code>/fermer/", views.close_bay, name="close_bay"),
    path("gestion/modeles/ajouter/", views.add_template, name="add_template"),
    path("gestion/regles/ajouter/", views.add_policy, name="add_policy"),
    path("gestion/regles/<uuid:key>/", views.revise_policy, name="revise_policy"),
    path("gestion/regles/<uuid:key>/terminer/", views.end_policy, name="end_policy"),
]
