"""Addresses of what is kept how long, and of what is erased."""

from django.urls import path

from xaso.dossiers.views import keeping

app_name = "dossiers_keeping"
_ROOM = "can-bo/ho-so/luu-giu/"
urlpatterns = [
    path(_ROOM, keeping.index, name="index"),
    path(f"{_ROOM}quy-tac/", keeping.set_rule, name="rule"),
    path(f"{_ROOM}giu/", keeping.hold, name="hold"),
    path(f"{_ROOM}giu/<int:hold>/thoi/", keeping.end_hold, name="end_hold"),
    path(f"{_ROOM}lap-danh-sach/", keeping.propose, name="propose"),
    path(f"{_ROOM}danh-sach/<uuid:erasure>/", keeping.one, name="one"),
]
