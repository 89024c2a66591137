"""Addresses of the room for residents."""

from django.urls import path

from xaso.dossiers.views import citizen

app_name = "dossiers"
urlpatterns = [
    path("thu-tuc/", citizen.procedures, name="procedures"),
    path("thu-tuc/<str:procedure_code>/", citizen.procedure, name="procedure"),
    path("ho-so/", citizen.track, name="track"),
    path("ho-so/xem/", citizen.tracked, name="tracked"),
]
