"""Addresses of the fund, under /fonds/."""

from communs.services.fund.urls import (
    agreements,
    applications,
    calls,
    examination,
    experiments,
    instruction,
    manage,
    master_plan,
    register,
    sessions,
)

app_name = "fund"
urlpatterns = [
    *calls.urlpatterns,
    *register.urlpatterns,
    *examination.urlpatterns,
    *sessions.urlpatterns,
    *applications.urlpatterns,
    *instruction.urlpatterns,
    *manage.urlpatterns,
    *agreements.urlpatterns,
    *master_plan.urlpatterns,
    *experiments.urlpatterns,
]
