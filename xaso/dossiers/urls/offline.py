"""Addresses of the counter without a network; they stand before those of the counter."""

from django.urls import path

from xaso.dossiers.views import machines, offline, replay, settling

app_name = "dossiers_offline"
_HERE = "can-bo/tiep-nhan/mat-mang/"
_CONFLICTS = "can-bo/tiep-nhan/can-xem/"
urlpatterns = [
    path(_HERE, offline.page, name="page"),
    path(f"{_HERE}sw.js", offline.worker, name="worker"),
    path(f"{_HERE}goi.json", offline.package, name="package"),
    path(f"{_HERE}nhan/<uuid:key>", replay.reception, name="reception"),
    path(f"{_HERE}nhan/<uuid:key>/anh/<str:sha256>", replay.photo, name="photo"),
    path("can-bo/tiep-nhan/may-quay/", machines.listed, name="machines"),
    path("can-bo/tiep-nhan/may-quay/<str:kid>/thu-hoi/", machines.retire, name="retire"),
    path(_CONFLICTS, settling.listed, name="conflicts"),
    path(f"{_CONFLICTS}<int:reception>/", settling.show, name="conflict"),
]
