"""Addresses of the register's settings, of odd looks and of the register of processing."""

from django.urls import path

from xaso.population.views import managing

app_name = "population_manage"
_ROOM = "can-bo/quan-tri/dan-cu/"
urlpatterns = [
    path(_ROOM, managing.index, name="index"),
    path(f"{_ROOM}quy-tac/<str:rule>/", managing.rule, name="rule"),
    path(f"{_ROOM}van/", managing.classes, name="classes"),
    path(f"{_ROOM}luot-xem/", managing.looks, name="looks"),
    path(f"{_ROOM}luot-xem/<uuid:alert>/", managing.decide, name="decide"),
    path(f"{_ROOM}xu-ly-du-lieu/", managing.register, name="processing"),
]
