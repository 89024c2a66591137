"""Addresses of results."""

from django.urls import path

from xaso.dossiers.views import results

app_name = "dossiers_results"
urlpatterns = [
    path("can-bo/ket-qua/<uuid:dossier>/", results.submit, name="submit"),
    path("ho-so/ket-qua/", results.fetch, name="fetch"),
    path("ho-so/cham/", results.rate, name="rate"),
]
