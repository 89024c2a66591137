"""Addresses of Open311 GeoReport v2. A doubled slash after `v2` is taken; nothing redirects."""

from django.urls import path, re_path

from xaso.reports.views.open311 import page, reading, writing
from xaso.reports.views.open311.door import door

app_name = "open311"
_V2 = r"^open311/v2/+"
urlpatterns = [
    path("open311/", page.index, name="index"),
    path("open311", page.index),
    re_path(r"^open311/(?P<name>discovery(?:\.[^/]*)?)$", door(get=reading.discovery)),
    re_path(_V2 + r"(?P<name>discovery(?:\.[^/]*)?)$", door(get=reading.discovery)),
    re_path(_V2 + r"(?P<name>services(?:\.[^/]*)?)$", door(get=reading.services), name="services"),
    re_path(_V2 + r"services/(?P<name>[^/]*)$", door(get=reading.definition), name="definition"),
    re_path(
        _V2 + r"(?P<name>requests(?:\.[^/]*)?)$",
        door(get=reading.many, post=writing.create),
        name="requests",
    ),
    re_path(_V2 + r"requests/(?P<name>[^/]*)$", door(get=reading.one), name="request"),
    re_path(_V2 + r"tokens/(?P<name>[^/]*)$", door(get=reading.token), name="token"),
    re_path(
        _V2 + r"(?P<name>servicerequestupdates(?:\.[^/]*)?)$",
        door(get=writing.updates, post=writing.add_update),
        name="updates",
    ),
]
