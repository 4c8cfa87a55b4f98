"""Files of the house's own open data."""

from django.urls import path
from django.views.decorators.http import require_safe

from communs.core.api import communities, indicators

app_name = "opendata"
urlpatterns = [
    path("communes.csv", require_safe(communities.communes_csv), name="communes_csv"),
    path("communes.geojson", require_safe(communities.communes_geojson), name="communes_geojson"),
    path("indicateurs.csv", require_safe(indicators.indicators_csv), name="indicators_csv"),
    path(
        "indicateurs/<str:key>.csv",
        require_safe(indicators.indicator_csv),
        name="indicator_csv",
    ),
]
