"""Addresses of a resident's own record."""

from django.urls import path

from xaso.population.views import own

app_name = "population"
_ROOT = "ho-so-cua-toi/"
urlpatterns = [
    path(_ROOT, own.enter, name="own"),
    path(f"{_ROOT}xem/", own.record, name="record"),
    path(f"{_ROOT}yeu-cau/", own.ask, name="ask"),
    path(f"{_ROOT}hoi-lai/<int:look>/", own.question, name="question"),
    path(f"{_ROOT}rut-lai/<uuid:consent>/", own.withdraw, name="withdraw"),
    path(f"{_ROOT}thoat/", own.leave, name="leave"),
]
