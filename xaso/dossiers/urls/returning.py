"""Addresses of papers of authority."""

from django.urls import path

from xaso.dossiers.views import returning

app_name = "dossiers_returning"
urlpatterns = [
    path("can-bo/thu-tuc/uy-quyen/", returning.rules, name="rules"),
    path("can-bo/ho-so/<uuid:dossier>/giay-uy-quyen/", returning.paper, name="paper"),
]
