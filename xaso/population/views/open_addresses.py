"""Addresses of the register's open data."""

from django.urls import path

from xaso.population.views import open_data

app_name = "population_open"
_OPEN = "du-lieu-dan-cu/"
urlpatterns = [
    path(_OPEN, open_data.page, name="page"),
    path(f"{_OPEN}<slug:name>.<slug:form>", open_data.file, name="file"),
]
