"""Addresses of data that got out."""

from django.urls import path

from xaso.population.views import breaches

app_name = "population_breaches"
_ROOM = "can-bo/dan-cu/su-co/"
_ONE = f"{_ROOM}<uuid:breach>/"
urlpatterns = [
    path(_ROOM, breaches.listed, name="listed"),
    path(f"{_ROOM}mo/", breaches.new, name="new"),
    path(_ONE, breaches.show, name="show"),
    path(f"{_ONE}buoc/", breaches.step, name="step"),
    path(f"{_ONE}nguoi/", breaches.people, name="people"),
    path(f"{_ONE}van-ban/", breaches.notice, name="notice"),
]
