"""Addresses of the waiting room."""

from django.urls import path

from xaso.dossiers.views.queue import citizen, desk, machines

app_name = "dossiers_queue"
urlpatterns = [
    path("quay/may/<str:token>/", machines.enter, name="enter"),
    path("quay/lay-so/", machines.kiosk, name="kiosk"),
    path("quay/lay-so/lay/", machines.take, name="take"),
    path("quay/lay-so/<uuid:uuid>/", machines.printed, name="printed"),
    path("quay/goi-so/", machines.calls, name="calls"),
    path("quay/goi-so/so/", machines.calls_data, name="calls_data"),
    path("quay/so/<uuid:uuid>/", citizen.standing, name="standing"),
    path("dat-lich/", citizen.book, name="book"),
    path("dat-lich/<str:code>/", citizen.booked, name="booked"),
    path("can-bo/quay/", desk.counter, name="counter"),
    path("can-bo/quay/<slug:name>/", desk.act, name="act"),
    path("can-bo/quan-tri/quay/", desk.room, name="room"),
    path("can-bo/quan-tri/quay/may/<int:device>/thu-hoi/", desk.remove, name="remove"),
]
