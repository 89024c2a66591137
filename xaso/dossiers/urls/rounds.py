"""Addresses of the rounds to the villages."""

from django.urls import path

from xaso.dossiers.views import rounds

app_name = "dossiers_rounds"
_ROOM = "can-bo/luu-dong/"
urlpatterns = [
    path("luu-dong/", rounds.public, name="public"),
    path(_ROOM, rounds.index, name="index"),
    path(f"{_ROOM}moi/", rounds.plan, name="new"),
    path(f"{_ROOM}<uuid:visit>/", rounds.show, name="show"),
    path(f"{_ROOM}<uuid:visit>/sua/", rounds.plan, name="change"),
    path(f"{_ROOM}<uuid:visit>/to-giay/", rounds.sheet, name="sheet"),
    path(f"{_ROOM}<uuid:visit>/ap-phich/", rounds.poster, name="poster"),
    path(f"{_ROOM}<uuid:visit>/<slug:verb>/", rounds.act, name="act"),
]
