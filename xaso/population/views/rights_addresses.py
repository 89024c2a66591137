"""Addresses of what residents ask about their own data, at the desk."""

from django.urls import path

from xaso.population.views import rights

app_name = "population_rights"
_ROOM = "can-bo/dan-cu/quyen-du-lieu/"
urlpatterns = [
    path(_ROOM, rights.listed, name="listed"),
    path(f"{_ROOM}<uuid:key>/", rights.person, name="person"),
    path(f"{_ROOM}<uuid:key>/ma/", rights.make_key, name="make_key"),
    path(f"{_ROOM}<uuid:key>/yeu-cau/", rights.ask, name="ask"),
    path(f"{_ROOM}<uuid:key>/dong-y/", rights.consent, name="consent"),
    path(f"{_ROOM}<uuid:key>/khoa/", rights.set_apart, name="set_apart"),
    path(f"{_ROOM}<uuid:key>/mo-khoa/", rights.use_again, name="use_again"),
    path(f"{_ROOM}<uuid:key>/can-bo/", rights.staff, name="staff"),
    path(f"{_ROOM}rut-lai/<uuid:consent>/", rights.withdraw, name="withdraw"),
    path(f"{_ROOM}xu-ly/<uuid:asking>/", rights.work, name="work"),
]
